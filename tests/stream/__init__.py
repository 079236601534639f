"""Tests of the stream, under a fake clock."""
