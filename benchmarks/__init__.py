"""What webtee costs, measured beside its peers in the same run.

One module per benchmark, each with a `run(options) -> Report`; `scripts/bench NAME [--write]` runs
them. Nothing here is timed in tests, and nothing here is installed.
"""
