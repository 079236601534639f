"""The house stays in order: what can be seen without running anything."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from webtee import settings

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for pattern in (
        "hatch_build.py",
        "src/**/*.py",
        "benchmarks/**/*.py",
        "ui/src/**/*.ts",
        "scripts/*",
    )
    for path in ROOT.glob(pattern)
    if path.is_file()
)
MODULES = [path for path in SOURCES if path.suffix == ".py"]
_PAGE = shutil.ignore_patterns("page", "__pycache__")
MOST_LINES = 400
FORBIDDEN = """
    webtee.text.utf8 -> webtee.log.record
    webtee.log.log -> webtee.text.utf8
    webtee.log.log -> webtee.stream
    webtee.log.record -> time
    webtee.log.record -> datetime
    webtee.log.segment -> os
    webtee.log.segment -> io
    webtee.log.cursor -> asyncio
    webtee.log.cursor -> pathlib
    webtee.text.utf8 -> socket
    webtee.text.utf8 -> threading
    webtee.sources.base -> webtee.log.log
    webtee.sources.base -> webtee.text.utf8
    webtee.sources.stdin -> webtee.passthrough
    webtee.sources.stdin -> webtee.stream
    webtee.stream -> webtee.passthrough
    webtee.stream -> webtee.settings
    webtee.stream -> webtee.sources.base
    webtee.stream -> webtee.terminal
    webtee.stream -> webtee.web.server
    webtee.web.query -> webtee.settings
    webtee.web.query -> webtee.sources.base
    webtee.web.query -> webtee.terminal
    webtee.web.query -> webtee.app
    webtee.passthrough -> webtee.sources.base
    webtee.passthrough -> webtee.log.record
    webtee.terminal -> webtee.settings
    webtee.terminal -> webtee.log.record
    webtee.sources.base -> webtee.terminal
    webtee.settings -> webtee.terminal
    webtee.log.frame -> webtee.terminal
    webtee.log.frame -> webtee.sources.base
    webtee.text.utf8 -> webtee.settings
    webtee.settings -> webtee.stream
    webtee.app -> webtee.cli
    webtee.errors -> webtee.log.record
"""
"""Imports that must not be: importer and imported."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_house_is_found() -> None:
    names = set(map(name, SOURCES))
    assert {"src/webtee/cli.py", "ui/src/main.ts", "scripts/test", "hatch_build.py"} <= names


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_room_is_crowded(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= MOST_LINES, "one idea per file: give what is separate a file of its own"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", [p for p in SOURCES if p.suffix == ".ts"], ids=name)
def test_every_module_of_the_page_says_what_lives_in_it(path: Path) -> None:
    assert path.read_text().startswith(("//", "/*"))


@pytest.mark.parametrize("path", [*ROOT.glob("scripts/*"), ROOT / ".ci/run"], ids=name)
def test_every_script_can_be_run_and_says_what_it_does(path: Path) -> None:
    assert os.access(path, os.X_OK)
    first, second, *_ = path.read_text().splitlines()
    assert first.startswith("#!/usr/bin/env ")
    assert second.startswith(("# ", '"""'))


def test_forbidden_imports_break_the_contracts(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src/webtee", tmp_path / "webtee", ignore=_PAGE)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert " 0 broken" in lint_imports(tmp_path)
    forbidden = [line.strip() for line in FORBIDDEN.split("\n") if line.strip()]
    for line in forbidden:
        importer, _, imported = line.partition(" -> ")
        with (tmp_path / importer.replace(".", "/")).with_suffix(".py").open("a") as file:
            file.write(f"import {imported}\n")
    # A room of its own, which no layer has.
    (tmp_path / "webtee/lodger.py").write_text('"""Nobody knows where it belongs."""\n')
    report = lint_imports(tmp_path)
    assert [line for line in forbidden if f"{line} (l." not in report] == []
    assert "webtee.lodger" in report


def lint_imports(folder: Path) -> str:
    """Return what import-linter says about the package in ``folder``."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return run.stdout + run.stderr


def test_the_readme_has_the_commands_that_are_tested() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "pip install . && webtee tail -F /var/log/dpkg.log" in readme
    assert "scripts/test" in readme


def test_the_option_reference_is_what_the_settings_declare() -> None:
    page = (ROOT / "docs/options.md").read_text()
    assert page == settings.reference(), "write docs/options.md anew: python -m webtee.settings"


def test_the_documents_that_others_point_to_exist() -> None:
    for document in (
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "docs/architecture.md",
        "docs/embedding.md",
        "docs/protocol.md",
    ):
        assert (ROOT / document).is_file(), document
