"""How many lines came when, and how many of them look like warnings and errors.

The words are those that the page colours (ui/src/core/text/levels.ts), where a line begins, and the
fields that name a level in JSON and logfmt. Counted once per segment and kept in a few bytes per
record.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from webtee.search.lines import Lines
from webtee.search.pattern import Pattern
from webtee.search.runs import Runs
from webtee.search.scan import cut, matching
from webtee.search.snapshot import Job, Part
from webtee.search.steps import Steps

_LOOKED_AT = 160  # bytes of a line: what it says further on is rarely about itself

_FIELDS = r"(?:level|lvl|severity|loglevel|log\.level|levelname|@level|log_level|@l|priority)"
_ERROR = r"ERROR|ERR|FATAL|CRIT(?:ICAL)?|SEVERE|PANIC|EMERG|ALERT"
_WARNING = r"WARN(?:ING)?"
_ERROR_VALUE = (
    r"(?:error|err|eror|severe|failure|failed|fatal|critical|crit|alert|emerg(?:ency)?|d?panic|ftl)"
)
_WARNING_VALUE = r"(?:warn|warning|wrn)"

_RAISED = (
    r"|^Traceback \(most recent call last\):|^Exception in thread "
    r"|^(?:Uncaught )?(?:[\w$]+\.)*(?:[A-Z]\w*)?(?:Error|Exception)(?:: |$)"
)


def _pattern(loud: str, quiet: str, klog: str, value: str, number: str) -> str:
    return (
        rf"(?:^|[\s\[(<|:/])(?:{loud})(?:$|[\s\])>|:,/])"
        rf"|(?i:(?:^|:\d+:? |^\S{{1,40}}: ){quiet}(?:\[\w{{1,20}}\])?: )"
        rf"|^[{klog}]\d{{4}} \d\d:\d\d:"
        rf'|(?i:"{_FIELDS}"\s*:\s*(?:"{value}"|{number}\b))'
        rf"|(?i:(?:^|\s){_FIELDS}=(?:\"{value}\"|{value}(?:\s|$)|{number}(?:\s|$)))"
    )


def _command(word: str) -> str:
    """Return what a build's command of this name begins with, after a time if it has one."""
    return rf"|^\s*(?:\d{{4}}-\d\d-\d\dT[\d:.]+Z\s+)?(?:##\[{word}\]|::{word}(?: [^\n]*?)?::)"


@cache
def _errors() -> Pattern:
    quiet = "(?:fatal )?(?:error|fatal|panic)"
    source = _pattern(_ERROR, quiet, "EF", _ERROR_VALUE, "(?:[56][0-9]|[0-3])")
    return Pattern(source + _RAISED + _command("error"), regex=True, ignore_case=False)


@cache
def _warnings() -> Pattern:
    source = _pattern(_WARNING, "warning", "W", _WARNING_VALUE, "(?:4[0-9]|4)")
    return Pattern(source + _command("warning"), regex=True, ignore_case=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """What came when, of the lines that begin in one segment.

    Attributes:
        times: When records came in which lines begin, in µs since the Unix epoch.
        lines: How many lines begin there.
        warnings: How many of them look like warnings.
        errors: How many like errors.
    """

    times: "array[int]"
    lines: "array[int]"
    warnings: "array[int]"
    errors: "array[int]"

    @classmethod
    def unread(cls, part: Part) -> "Counts":
        """Return as much as is known of a part that is no longer kept: as if it came at once."""
        lines = part.last_line - part.first_line + 1
        nothing = array("I", (0,))
        return cls(array("Q", (part.first_time,)), array("I", (lines,)), nothing, nothing)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return 500 + 20 * len(self.times)


def count(job: Job) -> Steps[Counts]:
    """Count the lines of one part."""
    lines = job.lines()
    errors, warnings = yield from troubles(lines)
    arrivals = lines.arrivals()
    stops = [begun for _, begun in arrivals]
    return Counts(
        array("Q", [time for time, _ in arrivals]),
        array("I", [stop - start for start, stop in pairwise([0, *stops])]),
        array("I", _shares(warnings, stops)),
        array("I", _shares(errors, stops)),
    )


def troubles(lines: Lines) -> Steps[tuple[Runs, Runs]]:
    """Return the lines that look like errors, and those that look like warnings only."""
    shown = yield from lines.shown()
    text = cut(shown, _LOOKED_AT)
    errors = yield from matching(text, _errors())
    warnings = yield from matching(text, _warnings())
    return errors, _without(warnings, errors)


def _without(runs: Runs, others: Runs) -> Runs:
    """Return those in ``runs`` that are not in ``others``."""
    taken = _each(others)
    found: Runs = []
    for line in sorted(_each(runs) - taken):
        found += (line, 1)
    return found


def _each(runs: Runs) -> set[int]:
    pairs = zip(runs[::2], runs[1::2], strict=True)
    return {line for start, length in pairs for line in range(start, start + length)}


def _shares(runs: Runs, stops: Sequence[int]) -> list[int]:
    """Return how many of the lines are before each of ``stops`` and not before the one before."""
    shares = [0] * len(stops)
    record = 0
    for start, length in zip(runs[::2], runs[1::2], strict=True):
        at, end = start, start + length
        while at < end:
            while stops[record] <= at:
                record += 1
            upto = min(end, stops[record])
            shares[record] += upto - at
            at = upto
    return shares


class Histogram:
    """Counts in buckets of time.

    Args:
        begin: The first bucket's beginning, in µs since the Unix epoch.
        end: The last time that counts.
        buckets: How many buckets at most.
        first_line: The first line that is kept.

    Attributes:
        width: A bucket's width in µs.
        lines: How many lines begin in each bucket.
        warnings: How many of them look like warnings.
        errors: How many like errors.
    """

    def __init__(self, begin: int, end: int, buckets: int, first_line: int) -> None:
        self.begin = begin
        self.end = end
        self.width = max(-(-(end - begin + 1) // buckets), 1)
        size = max(-(-(end - begin + 1) // self.width), 1)
        self.lines = [0] * size
        self.warnings = [0] * size
        self.errors = [0] * size
        self._line = first_line  # the first line that is not before the first bucket

    def skip(self, lines: int) -> None:
        """Leave out lines before the first bucket."""
        self._line += lines

    def add(self, *parts: Counts) -> None:
        """Add what came."""
        for counts in parts:
            self._add(counts)

    def _add(self, counts: Counts) -> None:
        begin, end, width = self.begin, self.end, self.width
        for index, time in enumerate(counts.times):
            if time < begin:
                self._line += counts.lines[index]
            elif time <= end:
                bucket = (time - begin) // width
                self.lines[bucket] += counts.lines[index]
                self.warnings[bucket] += counts.warnings[index]
                self.errors[bucket] += counts.errors[index]

    @property
    def first_lines(self) -> list[int]:
        """The first line at or after each bucket's beginning."""
        found = []
        line = self._line
        for lines in self.lines:
            found.append(line)
            line += lines
        return found
