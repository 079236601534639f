"""``python -m webtee`` is the command line."""

from webtee.cli import main

main()
