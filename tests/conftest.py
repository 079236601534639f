"""What holds for all tests."""

from hypothesis import settings

# A machine may be busy: nothing in the tests is timed.
settings.register_profile("webtee", deadline=None)
settings.load_profile("webtee")
