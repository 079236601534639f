"""Searching what is kept, sans-I/O: patterns, the lines of a segment, and which of them match.

A search goes segment by segment. What belongs to the log is looked up in the event loop's thread
(:mod:`webtee.search.snapshot`); the work on one segment is a function of immutable values, so that
a pool of threads can do it.
"""
