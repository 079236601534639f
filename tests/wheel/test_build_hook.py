"""hatch_build.py: when the page is built, and how a build that cannot have one ends.

Real builds by hatchling of a small checkout, with stand-ins for Node and npm that write down what
they were asked to do: what npm really makes of ui/ is the matter of test_wheel.py.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[2]
INDEX = "webtee/web/page/index.html"

NPM = """#!/bin/sh
PATH=/usr/bin:/bin
echo "$*" >> ../npm.log
echo "npm notice: much noise"
case "$1" in
ci) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
run) mkdir -p ../src/webtee/web/page && echo page > ../src/webtee/web/page/index.html ;;
esac
"""


class Checkout:
    """A checkout with the real pyproject.toml and build hook; its PATH holds only npm and node."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ui = root / "ui"
        self.page = root / "src/webtee/web/page"
        self.tools = root.parent / "tools"
        for name in ("pyproject.toml", "hatch_build.py", "LICENSE"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
        self.write("README.md", "webtee")
        self.write("src/webtee/__init__.py", '__version__ = "1.2.3"')
        self.write("ui/package.json", "{}")
        self.write("ui/package-lock.json", "{}")
        self.write("ui/src/main.ts", "")
        self.write("ui/src/lines.ts", "")
        self.tool("npm", NPM)
        self.tool("node", "#!/bin/sh\necho v20.19.0\n")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def tool(self, name: str, script: str) -> None:
        self.tools.mkdir(exist_ok=True)
        (self.tools / name).write_text(script)
        (self.tools / name).chmod(0o755)

    def settle(self) -> None:
        """Give all files one time in the past, and forget what npm was asked for."""
        for path in [*self.root.rglob("*"), self.root]:
            os.utime(path, (1e9, 1e9))
        (self.root / "npm.log").unlink(missing_ok=True)

    def asked(self) -> list[str]:
        """What npm was asked for, by the first word or two."""
        log = self.root / "npm.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line.partition(" --")[0] for line in lines]

    def build(
        self, target: str = "wheel", root: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", "out"],
            cwd=root or self.root,
            env={"PATH": str(self.tools)},
            capture_output=True,
            text=True,
            check=False,
        )

    def refusal(self, root: Path | None = None) -> str:
        """Build, which must fail without traceback and wheel, and return what was said."""
        run = self.build(root=root)
        said = run.stdout + run.stderr
        assert run.returncode == 1, said
        assert "Traceback" not in said
        assert not list(((root or self.root) / "out").glob("*.whl"))
        return said


def files_in(run: subprocess.CompletedProcess[str], root: Path) -> list[str]:
    assert run.returncode == 0, run.stderr
    (wheel,) = (root / "out").glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "webtee")


def test_a_clean_checkout_gets_its_page_by_npm(checkout: Checkout) -> None:
    run = checkout.build()
    assert checkout.asked() == ["ci", "run build"]
    assert INDEX in files_in(run, checkout.root)
    assert "noise" not in run.stdout + run.stderr


def test_an_editable_installation_gets_its_page_too(checkout: Checkout) -> None:
    assert checkout.build("wheel:editable").returncode == 0
    assert (checkout.page / "index.html").is_file()


def test_a_page_that_is_up_to_date_is_not_built_again(checkout: Checkout) -> None:
    checkout.build()
    checkout.settle()
    assert INDEX in files_in(checkout.build(), checkout.root)
    assert checkout.asked() == []


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ("touch src/main.ts", ["run build"]),
        ("rm src/lines.ts", ["run build"]),
        ("touch package-lock.json", ["ci", "run build"]),
        ("rm -r node_modules", []),
        ("touch node_modules/something", []),
        ("rm ../src/webtee/web/page/index.html", ["run build"]),
        ("rm -r node_modules ../src/webtee/web/page", ["ci", "run build"]),
    ],
)
def test_what_changed_decides_what_npm_is_asked_for(
    checkout: Checkout, change: str, asked: list[str]
) -> None:
    checkout.build()
    checkout.settle()
    subprocess.run(change.split(), cwd=checkout.ui, check=True)
    assert INDEX in files_in(checkout.build(), checkout.root)
    assert checkout.asked() == asked


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_without_node_or_npm_the_build_says_what_to_install(
    checkout: Checkout, missing: str
) -> None:
    (checkout.tools / missing).unlink()
    said = checkout.refusal()
    assert f"{missing} is not on the PATH" in said
    assert "Install both" in said
    assert "20.19 or newer" in said


@pytest.mark.parametrize(
    ("package_json", "version", "needed"),
    [
        ("{}", "v18.20.4", "20.19 or newer"),
        ("{}", "v20.18.3", "20.19 or newer"),
        ('{"engines": {"node": ">=22.12"}}', "v20.19.0", "22.12 or newer"),
        ("{}", "", "20.19 or newer"),
    ],
)
def test_a_node_that_is_too_old_is_named(
    checkout: Checkout, package_json: str, version: str, needed: str
) -> None:
    checkout.write("ui/package.json", package_json)
    checkout.tool("node", f"#!/bin/sh\necho {version}\n")
    said = checkout.refusal()
    assert f"{checkout.tools}/node is {version or 'broken'}, which is too old" in said
    assert needed in said
    assert checkout.asked() == []


def test_what_npm_says_is_shown_when_it_fails(checkout: Checkout) -> None:
    checkout.tool("npm", "#!/bin/sh\necho src/main.ts: no such thing\nexit 3\n")
    said = checkout.refusal()
    assert "`npm ci --include=dev --no-audit --no-fund` in ui/ ended with status 3" in said
    assert "src/main.ts: no such thing" in said


def test_there_is_no_wheel_without_its_page(checkout: Checkout) -> None:
    checkout.tool("npm", "#!/bin/sh\n")
    assert "a wheel without its page is of no use" in checkout.refusal()


class TestSdist:
    @pytest.fixture
    def unpacked(self, checkout: Checkout, tmp_path: Path) -> Path:
        run = checkout.build("sdist")
        assert run.returncode == 0, run.stderr
        (sdist,) = (checkout.root / "out").glob("*.tar.gz")
        with tarfile.open(sdist) as archive:
            archive.extractall(tmp_path / "sdist", filter="data")
        for tool in checkout.tools.iterdir():
            tool.unlink()
        return tmp_path / "sdist/webtee-1.2.3"

    def test_holds_the_page_and_its_sources(self, unpacked: Path) -> None:
        assert (unpacked / "src" / INDEX).is_file()
        assert (unpacked / "ui/src/main.ts").is_file()
        assert not (unpacked / "ui/node_modules").exists()

    def test_needs_no_node(self, checkout: Checkout, unpacked: Path) -> None:
        assert INDEX in files_in(checkout.build(root=unpacked), unpacked)

    def test_is_refused_without_its_page(self, checkout: Checkout, unpacked: Path) -> None:
        (unpacked / "src" / INDEX).unlink()
        assert "there is no src/webtee/web/page/index.html" in checkout.refusal(unpacked)
