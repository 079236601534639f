"""What holds for all tests."""

import signal

from hypothesis import settings

# A machine may be busy: nothing in the tests is timed.
settings.register_profile("webtee", deadline=None)
settings.load_profile("webtee")

# In the background of a shell Ctrl-C is ignored, which what we start would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)
