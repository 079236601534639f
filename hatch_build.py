"""Build hook: the page is built into the package, so that a wheel is complete.

A checkout holds the page's sources (ui/), an sdist holds the built page as well, and a wheel only
the built page. So Node is needed to build from a checkout and for nothing else. Wheels, sdists and
editable installs all pass through here; a page newer than its sources is left alone, as make would.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

UI = Path("ui")
PAGE = Path("src/webtee/web/page")

LEAST_NODE = (20, 19)
"""What Vite needs; ``engines.node`` in ui/package.json overrules it."""

NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", "test-results"})
"""What npm and the tests write below ui/."""


class PageError(Exception):
    """The page cannot be built; the message says what to do about it."""


class PageBuildHook(BuildHookInterface[BuilderConfig]):
    """Makes sure that the package holds the page before hatchling collects its files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Build the page, or end the build with one paragraph that says why it cannot be built."""
        try:
            provide_page(Path(self.root))
        except PageError as error:
            self.app.abort(f"webtee: {error}")


def provide_page(root: Path) -> None:
    """Leave an up-to-date page in the package below ``root``.

    Args:
        root: the directory of pyproject.toml, in a checkout or in an unpacked sdist.

    Raises:
        PageError: tools are missing or too old, the page's build failed, or it made no page.
    """
    ui = root / UI
    index = root / PAGE / "index.html"
    if is_checkout(root) and not is_current(index, ui):
        require_node(ui)
        # npm notes what it installed in this file, so its time is that of the last installation.
        if not is_current(ui / "node_modules/.package-lock.json", ui / "package-lock.json"):
            # Dev dependencies build the page, also for someone who has NODE_ENV=production.
            npm(ui, "ci", "--include=dev", "--no-audit", "--no-fund")
        npm(ui, "run", "build")
    if not index.is_file():
        raise PageError(
            f"there is no {PAGE}/index.html, and a wheel without its page is of no use. Build from "
            "a checkout, where `npm run build` in ui/ has to write it, or from a complete sdist."
        )


def is_checkout(root: Path) -> bool:
    """Whether the page's sources count: an sdist (it alone has PKG-INFO) brings its page along."""
    return (root / UI / "package.json").is_file() and not (root / "PKG-INFO").exists()


def is_current(target: Path, sources: Path) -> bool:
    """Whether ``target`` exists and nothing at or below ``sources`` is newer than it."""
    if not target.is_file():
        return False
    made = target.stat().st_mtime_ns
    return all(path.stat().st_mtime_ns <= made for path in files_of(sources))


def files_of(path: Path) -> list[Path]:
    """List the sources at or below ``path``, and directories, whose times tell of removed files.

    The directory ``path`` itself is not in the list: npm and the tests come and go there.
    """
    if not path.is_dir():
        return [path] if path.exists() else []
    children = [child for child in path.iterdir() if child.name not in NOT_SOURCES]
    below = [file for child in children for file in files_of(child)]
    return below + [child for child in children if child.is_dir()]


def require_node(ui: Path) -> None:
    """Raise :class:`PageError` unless there are npm and a Node that can build the page."""
    least = least_node(ui / "package.json")
    remedy = (
        "Building from a checkout makes webtee's page, which needs Node.js "
        f"{'.'.join(map(str, least))} or newer with npm. Install both (the packages nodejs and npm "
        "where your distribution's are new enough, otherwise Node.js's own), then run the same "
        "command again. Installing a wheel of webtee needs neither."
    )
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise PageError(f"{'npm' if node else 'node'} is not on the PATH. {remedy}")
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    if version_of(shown) < least:
        raise PageError(f"{node} is {shown.strip() or 'broken'}, which is too old. {remedy}")


def least_node(package_json: Path) -> tuple[int, ...]:
    """Read the oldest Node that ``engines.node`` allows: the first version in its value."""
    engines = json.loads(package_json.read_text(encoding="utf-8")).get("engines", {})
    return version_of(engines.get("node", "")) or LEAST_NODE


def version_of(text: str) -> tuple[int, ...]:
    """Read the first version in ``text``; ``()``, which is older than any, where there is none."""
    match = re.search(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, match[0].split("."))) if match else ()


def npm(ui: Path, *arguments: str) -> None:
    """Run npm in ``ui`` with the environment as it is; show what it prints only if it fails."""
    run = subprocess.run(
        ["npm", *arguments],
        cwd=ui,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if run.returncode != 0:
        command = " ".join(["npm", *arguments])
        raise PageError(f"`{command}` in ui/ ended with status {run.returncode}:\n{run.stdout}")
