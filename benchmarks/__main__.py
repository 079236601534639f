"""`python -m benchmarks NAME`: run one benchmark, or all, and print or keep what they say."""

import argparse
import importlib
import os
import resource
import signal
import sys
import time
from typing import TYPE_CHECKING

from benchmarks import serve
from benchmarks.inputs import access_log

if TYPE_CHECKING:
    from benchmarks.report import Report

NAMES = ("fanout", "send", "wire", "latency", "flood", "viewers", "slow", "startup", "page")


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="+",
        choices=[*NAMES, "all"],
        metavar="NAME",
        help=f"{', '.join(NAMES)} or all",
    )
    parser.add_argument(
        "--write", action="store_true", help="keep the result in docs/benchmarks.md"
    )
    parser.add_argument("--rounds", type=int, default=3, help="turns of each program (default: 3)")
    parser.add_argument("--window", type=float, default=5, help="seconds of each turn (default: 5)")
    parser.add_argument(
        "--patience", type=float, default=0, help="seconds to wait for a quiet machine, each turn"
    )
    options = parser.parse_args()
    os.environ["WEBTEE_BENCH_PATIENCE"] = str(options.patience)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    access_log(serve.LOG)
    serve.take_source()
    names = NAMES if "all" in options.names else options.names
    reports: list[Report] = []
    failed = []
    for name in names:
        begin = time.monotonic()
        print(f"{name}: load average {os.getloadavg()[0]:.2f}", flush=True)
        try:
            report = importlib.import_module(f"benchmarks.{name}").run(
                options.rounds, options.window
            )
        except (RuntimeError, OSError, LookupError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed.append(name)
            continue
        print(f"\n{report.text()}\n{name}: took {time.monotonic() - begin:.0f} s\n", flush=True)
        reports.append(report)
        if options.write:
            report.write()
    short = [target.show() for report in reports for target in report.targets if not target.reached]
    print("\n".join(short) if short else "every target reached")
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
