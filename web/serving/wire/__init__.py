"""HTTP/1.1 on the wire: bytes to requests, responses to bytes, and the states of a connection."""
