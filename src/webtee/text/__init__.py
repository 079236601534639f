"""Bytes to text, sans-I/O: UTF-8 across reads."""
