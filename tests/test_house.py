"""The house stays in order: what can be seen without running anything."""

import ast
import os
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
MOST_LINES = 450


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
    ):
        assert (ROOT / document).is_file(), document
