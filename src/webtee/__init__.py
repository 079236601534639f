"""webtee: ``tee(1)`` to the web."""

__version__ = "0.1.0"
