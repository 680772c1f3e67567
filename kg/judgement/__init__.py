"""What is accepted, disputed, corroborated, and why."""
