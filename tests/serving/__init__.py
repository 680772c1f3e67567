"""The server and its parts."""
