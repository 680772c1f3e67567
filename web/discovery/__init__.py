"""What crawlers and readers of feeds look for first."""
