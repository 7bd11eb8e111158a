"""`make run` and `make demo` as a newcomer starts them, with no network and no account."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import redis

from replay.serving import free_ports
from southbound.config.settings import RedisSettings, variables
from southbound.running.all_in_one import embedded_store, is_free
from tests.conftest import ROOT

Started = subprocess.Popen[str]


class Output:
    """What a process prints, gathered by a thread."""

    def __init__(self, process: Started) -> None:
        self.process = process
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, pattern: str, seconds: float = 40) -> re.Match[str]:
        """The first line that matches, there already or still to come."""
        with self._changed:
            found = self._changed.wait_for(lambda: self._find(pattern), seconds)
        assert found, f"no line matches {pattern!r} in\n" + "\n".join(self.lines)
        return found

    def end(self, number: int = signal.SIGINT) -> float:
        """Send a signal; how many seconds the process takes to end."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(60)
        self._reader.join(60)
        return time.monotonic() - began

    def _find(self, pattern: str) -> re.Match[str] | None:
        return next((found for line in self.lines if (found := re.search(pattern, line))), None)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                with self._changed:
                    self.lines.append(line.rstrip())
                    self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Output]]:
    """Starts a module of ours in `tmp_path`, with no configuration but what is given."""
    started: list[Output] = []

    def start(*arguments: str, **environment: str) -> Output:
        inherited = {name: value for name, value in os.environ.items() if name not in variables()}
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=tmp_path,
            env=inherited | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(Output(process))
        return started[-1]

    yield start
    for output in started:
        if output.process.poll() is None:
            output.end(signal.SIGTERM)


def below(process: Started) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def left_over(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still are in the table of processes, as zombies too."""
    return [process for process in processes if process.is_running()]


def test_run_starts_everything_says_what_is_missing_and_ends_all_of_it(
    start: Callable[..., Output], tmp_path: Path
) -> None:
    dashboard_port, store_port, nobody = free_ports(0, 0, 0)
    output = start(
        "southbound",
        "run",
        f"--port={dashboard_port}",
        REDIS_URL=f"redis://localhost:{store_port}/0",
        HKEX_URL=f"http://127.0.0.1:{nobody}/",
        SCRAPING_MIN_GAP_SECONDS="0",
    )

    output.wait_for(r"^store +\| listening on 127.0.0.1")
    output.wait_for(rf"^run +\| the dashboard is at http://localhost:{dashboard_port}")
    output.wait_for(
        r"^e-mailer +\| .* no mail is sent: SMTP_SERVER and EMAIL_SENDER and EMAIL_RECIPIENTS not set"
    )
    output.wait_for(r"^scraper +\| .*ERR_CONNECTION_REFUSED")
    output.wait_for(r"^scraper +\| .*`make demo` shows the product without HKEX")
    with urllib.request.urlopen(f"http://127.0.0.1:{dashboard_port}/_stcore/health", timeout=5) as answer:
        assert answer.status == 200
    assert (tmp_path / ".data" / "appendonlydir").is_dir()
    started = below(output.process)
    assert any("chrom" in process.name() for process in started)

    took = output.end()

    assert took < 10
    assert output.process.returncode == 0
    assert left_over(started) == []
    assert is_free(dashboard_port)
    assert is_free(store_port)
    assert sum("no mail is sent" in line for line in output.lines) == 1


def test_run_uses_the_store_that_answers(
    start: Callable[..., Output], redis_settings: RedisSettings, free_port: int
) -> None:
    output = start(
        "southbound",
        "run",
        f"--port={free_port}",
        REDIS_URL=redis_settings.url,
        HKEX_URL="http://[::1]:1/",
    )

    output.wait_for(r"^run +\| using the store at REDIS_URL")

    assert output.end() < 10
    assert not [line for line in output.lines if line.startswith("store ")]


def test_with_a_store_that_is_away_all_say_so_and_none_dies_of_it(
    start: Callable[..., Output], free_port: int
) -> None:
    # Nobody listens there, on whatever port.
    away = "redis://127.255.255.254"
    mail = {"SMTP_SERVER": "127.0.0.1", "EMAIL_SENDER": "a@example.org", "EMAIL_RECIPIENTS": "b@example.org"}
    output = start(
        "southbound",
        "run",
        f"--port={free_port}",
        REDIS_URL=away,
        HKEX_URL="http://[::1]:1/",
        **mail,
    )

    for name in ("scraper", "e-mailer"):
        output.wait_for(rf"^{name} +\| .* the store at 127\.255\.255\.254:6379 does not answer: ")
    output.wait_for(rf"^run +\| the dashboard is at http://localhost:{free_port}")
    with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/_stcore/health", timeout=5) as answer:
        assert answer.status == 200
    output.wait_for(r"^dashboard +\| .*the store at 127\.255\.255\.254:6379 does not answer: ")

    assert output.end() < 10
    assert not [line for line in output.lines if "Traceback" in line or "starting it again" in line]


@pytest.mark.parametrize(
    "form", ["redis://localhost:{}", "redis://127.0.0.1:{}/3", "redis://localhost:{}?db=2"]
)
def test_a_store_is_started_for_every_form_of_an_address_of_this_machine(
    form: str, free_port: int, tmp_path: Path
) -> None:
    [program] = embedded_store(RedisSettings(url=form.format(free_port)), {}, tmp_path)

    assert str(free_port) in program.command


@pytest.mark.parametrize("url", ["redis://localhost", "redis://localhost/", "redis://127.0.0.1/2"])
def test_an_address_without_a_port_is_that_of_the_usual_one(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_connection: redis.Connection) -> None:
        raise redis.ConnectionError("refused")

    monkeypatch.setattr(redis.Connection, "connect", nobody)

    [program] = embedded_store(RedisSettings(url=url), {}, tmp_path)

    assert "6379" in program.command


def test_run_refuses_a_port_that_is_taken(
    start: Callable[..., Output], redis_settings: RedisSettings
) -> None:
    taken = redis_settings.url.rpartition(":")[2].removesuffix("/0")

    output = start("southbound", "run", f"--port={taken}")

    output.wait_for(f"port {taken} is taken")
    assert output.process.wait(60) == 1


def test_run_with_a_wrong_configuration_starts_nothing(start: Callable[..., Output]) -> None:
    output = start("southbound", "run", SMTP_PORT="many")

    output.wait_for(r"\[email\] smtp_port: got 'many'")
    assert output.process.wait(60) == 2


@pytest.mark.parametrize(
    "url",
    [
        "redis://store.example.org:6379/0",
        "rediss://localhost:6379/0",
        "unix:///tmp/no-such-socket",
        "redis://:sesame@localhost:1/0",
        "redis://ada:sesame@localhost:1/0",
        "redis://localhost:1/0?password=sesame",
    ],
)
def test_no_store_is_started_for_an_address_that_is_not_ours_to_serve(url: str, tmp_path: Path) -> None:
    assert embedded_store(RedisSettings(url=url), {}, tmp_path) == []


def test_the_demo_plays_new_days_into_the_inbox_and_leaves_nothing(
    start: Callable[..., Output], tmp_path: Path
) -> None:
    output = start("demo", "--seconds-a-day=1", SMTP_SERVER="smtp.example.org", REDIS_URL="redis://nowhere")

    inbox = output.wait_for(r"the inbox is at (http://\S+)")[1]
    dashboard = output.wait_for(r"the dashboard is at (http://\S+)")[1]
    output.wait_for(r"^scraper +\| .* stored 2026-01-02")
    output.wait_for(r"^demo +\| the site has published 2026-02-16")
    output.wait_for(r"^demo +\| that was the last recorded day")
    output.wait_for(r"^scraper +\| .* stored 2026-02-27")
    output.wait_for(r"^e-mailer +\| .* mailed 2026-02-27 to reader@localhost")
    with urllib.request.urlopen(inbox, timeout=5) as answer:
        assert "Southbound Fri 27 Feb 2026" in answer.read().decode()
    with urllib.request.urlopen(f"{dashboard}/_stcore/health", timeout=5) as answer:
        assert answer.status == 200
    started = below(output.process)

    took = output.end()

    assert took < 10
    assert output.process.returncode == 0
    assert left_over(started) == []
    assert list(tmp_path.iterdir()) == []
    assert not [line for line in output.lines if "Traceback" in line]
