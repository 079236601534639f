"""A command that writes a whole file at once when it is told to, and says when it had.

    python -m benchmarks.pour FILE GO DONE

waits until someone opens the FIFO `GO` for writing, writes FILE to standard output, puts the moment
of its last write (seconds since the epoch) into the file DONE, and stays until GO is closed.
"""

import os
import sys
import time
from pathlib import Path

PIECE = 1024 * 1024


def main(file: str, go: str, done: str) -> None:
    """Do it."""
    with open(go, "rb") as told, open(file, "rb") as source:
        while piece := source.read(PIECE):
            while piece:
                piece = piece[os.write(1, piece) :]
        moment = time.time()
        unfinished = Path(f"{done}.part")
        unfinished.write_text(repr(moment))
        unfinished.rename(done)
        told.read()


if __name__ == "__main__":
    main(*sys.argv[1:4])
