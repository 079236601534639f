"""The golden replays say what the tracker does. The page's terminal has to agree."""

import json

from tests.golden import write_screens


def test_the_file_is_what_the_tracker_makes() -> None:
    assert json.loads(write_screens.FILE.read_text()) == write_screens.cases()
