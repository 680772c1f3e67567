"""Fact sheets: read, checked, proven against their texts."""
