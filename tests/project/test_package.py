"""The wheel: built from the pins, installed apart from the checkout, used in another folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from replay.site import ReplaySite
from southbound.config.settings import RedisSettings, variables
from southbound.running.all_in_one import is_free
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT, becomes_true
from tools.benchmarks.visitors import visitors

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # Beside the checkout: a build in it would take in what an earlier one has left there.
    shutil.copytree(ROOT / "southbound", folder / "source" / "southbound")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(folder / "source"))
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script, in an environment with the packages of this one, and of ours the wheel alone."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    pip("--python", str(folder / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel))
    # As a plain entry of the path: the checkout's own editable install is not seen through it.
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin" / "southbound"


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def environment() -> dict[str, str]:
    """With no configuration of ours, and no way back into the checkout."""
    return {name: value for name, value in os.environ.items() if name not in variables() | {"PYTHONPATH"}}


@pytest.fixture
def run(installed: Path, environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs a command of the installed package in a folder of its own."""

    def run(*arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [installed, *arguments],
            cwd=tmp_path,
            env=environment | changed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_the_wheel_holds_the_product_with_its_files_and_nothing_else(wheel: Path) -> None:
    held = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    kept = {
        file.relative_to(ROOT)
        for file in (ROOT / "southbound").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    assert {file for file in held if not file.parts[0].endswith(".dist-info")} == kept
    assert Path("southbound/py.typed") in held


def test_the_server_has_the_protections_that_it_has_in_a_checkout() -> None:
    ours = ROOT / "southbound" / "dashboard" / "launch" / ".streamlit" / "config.toml"

    assert ours.read_bytes() == (ROOT / ".streamlit" / "config.toml").read_bytes()


def test_the_commands_are_named_and_each_says_what_it_takes(run: Run) -> None:
    commands = run("--help")

    assert commands.returncode == 0, commands.stderr
    for name in ("run", "scrape", "dashboard", "mail", "check", "check-config"):
        assert f"  {name} " in commands.stdout
    assert "--port" in run("run", "--help").stdout
    assert "alive and fresh" in run("check", "--help").stdout


def test_a_command_that_is_not_there_is_refused_with_those_that_are(run: Run) -> None:
    result = run("scrap")

    assert result.returncode == 2
    assert "check-config" in result.stderr


def test_an_option_that_streamlit_does_not_know_is_refused_in_a_line(run: Run) -> None:
    result = run("dashboard", "--server.porrt=1")

    assert result.returncode == 2
    assert "No such option '--server.porrt'" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_demo_without_its_extra_says_so_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['aiosmtpd'] = None\n")

    result = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr == (
        "the demo's inbox needs aiosmtpd, which is not installed: pip install '.[demo]'\n"
    )


def test_the_configuration_is_that_of_the_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.ini").write_text("[scraper]\nbackfill_days = 30\n")

    result = run("check-config")

    assert result.returncode == 0, result.stderr
    assert "[scraper] backfill_days = 30" in result.stdout


def test_days_are_scraped_mailed_and_shown_in_another_folder(
    installed: Path,
    run: Run,
    environment: dict[str, str],
    site: ReplaySite,
    url: str,
    redis_settings: RedisSettings,
    store: HoldingsStore,
    free_port: int,
    tmp_path: Path,
) -> None:
    given = {"HKEX_URL": url, "REDIS_URL": redis_settings.url, "SCRAPING_MIN_GAP_SECONDS": "0"}

    scraped = run("scrape", "--once", SCRAPING_BACKFILL_DAYS="7", **given)

    assert scraped.returncode == 0, scraped.stderr
    assert store.dates() == site.days_offered(min(store.dates()), site.today)
    written = run("mail", "--preview", "out", **given)
    assert written.returncode == 0, written.stderr
    assert (tmp_path / "out" / f"southbound-{max(store.dates())}.html").is_file()
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [installed, "dashboard", f"--server.port={free_port}"],
            cwd=tmp_path,
            env=environment | given,
            stdout=said,
            stderr=said,
        )
        try:
            assert becomes_true(lambda: not is_free(free_port))
            with visitors(f"http://127.0.0.1:{free_port}", 1) as [page]:
                page.rerun("stock=700")
        finally:
            process.terminate()
            process.wait(60)
    assert "Traceback" not in (tmp_path / "said").read_text()


def test_sign_in_without_its_extra_is_said_in_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['authlib'] = None\n")

    result = run(
        "dashboard",
        PYTHONPATH=str(tmp_path),
        DASHBOARD_SIGN_IN_METADATA_URL="https://id.example.org/.well-known/openid-configuration",
        DASHBOARD_SIGN_IN_CLIENT_ID="southbound",
        DASHBOARD_SIGN_IN_CLIENT_SECRET="not-a-secret",
        DASHBOARD_SIGN_IN_COOKIE_SECRET="c" * 40,
        DASHBOARD_SIGN_IN_ALLOWED="reader@example.org",
    )

    assert result.returncode == 2
    assert "pip install 'southbound[sign-in]'" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
