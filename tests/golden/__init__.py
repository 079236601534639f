"""Vectors that every decoder has to read."""
