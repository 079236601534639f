"""Tests of webtee.text."""
