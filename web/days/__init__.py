"""The page of a year, a month, a day, and of a day in all years."""
