"""The golden vectors say what the encoder does. The page's decoder has to read the same file."""

import base64
import json
import zlib

from tests.golden import write
from tests.support.v1 import parse


def test_the_file_is_what_the_encoder_makes() -> None:
    """Compressed bytes may differ between versions of zlib-ng; what they inflate to may not."""
    kept = json.loads(write.FILE.read_text())["cases"]
    made = write.cases()
    for cases in (kept, made):
        for case in cases:
            case["segment_body"] = zlib.decompress(base64.b64decode(case["segment_body"]), -15)
    assert kept == made


def test_bodies_and_records_agree() -> None:
    for case in json.loads(write.FILE.read_text())["cases"]:
        read = parse(zlib.decompress(base64.b64decode(case["segment_body"]), -15))
        assert [vars(record) for record in read] == [
            record | {"payload": base64.b64decode(record["payload"])} for record in case["records"]
        ], case["name"]
