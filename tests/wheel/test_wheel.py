"""The built wheel in a clean environment, used as someone does who has just installed it.

scripts/test builds the wheel and names it in WHEEL; without that it is built here.
"""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[2]
PAGE = "webtee/web/page/"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if built := os.environ.get("WHEEL"):
        return Path(built)
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(out.glob("webtee-*.whl"))


@dataclass(frozen=True)
class Installation:
    """A virtual environment with webtee and what it depends on, and nothing else."""

    bin: Path
    home: Path

    def environment(self, **more: str) -> dict[str, str]:
        path = f"{self.bin}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8", **more}

    @contextmanager
    def serve(self, command: str) -> Iterator[str]:
        """Run a command line that starts webtee; give the address that it prints."""
        with subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=self.home,
            env=self.environment(WEBTEE_PORT="0"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stderr
            try:
                lines = []
                for line in server.stderr:
                    lines.append(line)
                    if ready := re.search(r"^webtee: (http://\S+)$", line):
                        yield ready[1]
                        return
                pytest.fail(f"webtee ended before it was ready: {lines}")
            finally:
                server.terminate()


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    root = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", root / "venv"], check=True)
    pip = str(root / "venv/bin/pip")
    subprocess.run([pip, "install", "--quiet", "--disable-pip-version-check", wheel], check=True)
    return Installation(root / "venv/bin", root)


def get(url: str, accept: str = "*/*") -> tuple[str, bytes]:
    """Fetch a URL; return its content type, without parameters, and its body."""
    with urlopen(Request(url, headers={"Accept": accept}), timeout=30) as response:
        return response.headers.get_content_type(), response.read()


def page_files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name.removeprefix(PAGE) for name in archive.namelist() if name.startswith(PAGE)}


def test_the_wheel_holds_the_page_the_license_and_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {f"{PAGE}index.html", f"{PAGE}webtee.js", "webtee/py.typed"} <= set(names)
    assert any(re.fullmatch(r"webtee-.*\.dist-info/licenses/LICENSE", name) for name in names)
    assert any(name.startswith(f"{PAGE}assets/") and name.endswith(".js") for name in names)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"webtee"}
    kept = {".py", ".typed", ".html", ".js", ".css", ".svg", ".json", ".woff2", ".wasm"}
    package = {name for name in names if name.startswith("webtee/")}
    assert {Path(name).suffix or Path(name).name for name in package} <= kept


def test_a_command_is_run_and_its_output_passed_on(installed: Installation) -> None:
    run = subprocess.run(
        [installed.bin / "webtee", "--exit", "echo", "hi"],
        env=installed.environment(WEBTEE_PORT="0"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.splitlines()) == (0, ["hi"]), run.stderr
    assert re.search(r"^webtee: http://localhost:\d+/$", run.stderr, re.MULTILINE)


def test_the_version_is_the_wheels(installed: Installation, wheel: Path) -> None:
    said = subprocess.check_output([installed.bin / "webtee", "--version"], text=True)
    assert wheel.name.split("-")[1] in said.split()[-1]


def test_the_page_and_all_its_files_are_served(installed: Installation, wheel: Path) -> None:
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    with installed.serve("webtee sh -c 'echo hi; exec cat'") as url:
        kind, body = get(url, accept="text/html")
        assert kind == "text/html"
        html = body.decode()
        base = urljoin(url, re.search(r'<base href="([^"]*)"', html)[1])  # type: ignore[index]
        linked = re.findall(r'(?:src|href)="(\./[^"]+)"', html)
        assert {link.removeprefix("./") for link in linked} <= page_files(wheel)
        assert any(link.endswith(".js") for link in linked)
        for name in page_files(wheel) - {"index.html"}:
            kind, body = get(urljoin(base, name))
            assert kind == types.get(Path(name).suffix, kind), name
            assert body == zipfile.ZipFile(wheel).read(PAGE + name), name


def test_a_terminal_follows_without_a_browser(installed: Installation) -> None:
    with (
        installed.serve("webtee sh -c 'echo hi; exec cat'") as url,
        urlopen(url, timeout=30) as response,
    ):
        assert response.headers.get_content_type() == "text/plain"
        assert response.readline().split() == [b"hi"]


def test_the_readmes_command_works(installed: Installation) -> None:
    readme = (ROOT / "README.md").read_text()
    command = re.search(r"^\s*pip install \. && (webtee .+)$", readme, re.MULTILINE)
    assert command, "the README's first command is gone"
    with installed.serve(command[1]) as url:
        kind, _ = get(url, accept="text/html")
        assert kind == "text/html"
