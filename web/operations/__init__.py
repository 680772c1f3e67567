"""What those who run a server ask it."""
