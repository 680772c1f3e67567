"""What the sources leave unsure, for a person to decide."""
