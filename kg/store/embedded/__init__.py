"""Oxigraph in processes of our own."""
