"""The DevTools protocol over Chromium's pipe, as little of it as a benchmark needs.

Not Playwright: it has the browser report all network traffic, so that each WebSocket message of a
flood is also sent to it and each fetched body kept for it, in the very renderer that is measured.
Messages are JSON with a zero byte after each (content/browser/devtools/devtools_pipe_handler.cc).
"""

import json
import os
import select
import time
from typing import Any


class Protocol:
    """Commands to the browser and its answers, one at a time; events wait until they are taken."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._rest = b""
        self._id = 0
        self._events: list[dict[str, Any]] = []

    def send(
        self, method: str, session: str | None = None, patience: float = 60, **parameters: Any
    ) -> dict[str, Any]:
        """Give a command.

        Args:
            method: Its name.
            session: Of the target that it is for; the browser itself without one.
            patience: Seconds to wait for the answer.
            parameters: The command's.

        Returns:
            The answer's result.

        Raises:
            RuntimeError: It was refused, or not answered in time, or the browser has gone.
        """
        self._id += 1
        command = {"id": self._id, "method": method, "params": parameters}
        if session is not None:
            command["sessionId"] = session
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data) :]
        deadline = time.monotonic() + patience
        while True:
            message = self._message(deadline, method)
            if message.get("id") == self._id:
                if "error" in message:
                    raise RuntimeError(f"the browser refused {method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result
            if "method" in message:
                self._events.append(message)

    def event(self, method: str, session: str | None, patience: float = 60) -> dict[str, Any]:
        """Take the oldest event of a name, or wait for it."""
        deadline = time.monotonic() + patience
        while True:
            for index, event in enumerate(self._events):
                if event["method"] == method and event.get("sessionId") == session:
                    del self._events[: index + 1]
                    return dict(event["params"])
            message = self._message(deadline, method)
            if "method" in message:
                self._events.append(message)

    def events(self, method: str) -> list[dict[str, Any]]:
        """Take all events of a name that have come, and forget the others."""
        found = [event["params"] for event in self._events if event["method"] == method]
        self._events.clear()
        return found

    def _message(self, deadline: float, awaited: str) -> dict[str, Any]:
        while b"\0" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._answers], [], [], left)[0]:
                raise RuntimeError(f"the browser did not answer {awaited}")
            data = os.read(self._answers, 1 << 20)
            if not data:
                raise RuntimeError("the browser has gone")
            self._rest += data
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message
