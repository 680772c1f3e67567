"""Claims: who states what, how firmly, in which passage."""
