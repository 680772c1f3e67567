"""Entities: what is known of a thing, who says so, where they disagree."""
