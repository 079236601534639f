"""`--open`: the page in a browser, which nothing here waits for."""

import logging
import subprocess
import sys
import threading

_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_logger = logging.getLogger(__name__)


def open_browser(url: str) -> None:
    """Open a page in a browser, in a process that has our usual limits and that no one waits for.

    Browsers may take their time to start, or run until their window is closed. That there is none
    is said once it is known.
    """
    command = (sys.executable, "-P", "-c", _OPEN, url)
    nothing = subprocess.DEVNULL
    try:
        browser = subprocess.Popen(
            command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError as error:
        _logger.warning("no browser can be started (%s): open %s yourself", error, url)
        return

    def wait() -> None:
        if browser.wait():
            _logger.warning("--open: no browser was found that opens %s", url)

    threading.Thread(target=wait, name="browser", daemon=True).start()
