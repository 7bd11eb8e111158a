"""What comes from outside speaks to no terminal and writes no line of a log of its own, whoever logs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from southbound.common.text import lines
from southbound.running.supervisor import Program, Supervisor
from tests.conftest import ROOT

HOSTILE = (
    "A\x1b[31mred\x1b]0;title\x07 \x9b31m\x90q\x9c \x08\x7f\x00 \u202eright\u2066 \u200b\u2028"
    "\r\n2026-02-27 00:00:00,000 CRITICAL it burns\x85B"
)
"""Escapes, C0 and C1 controls, what turns a line around, and what begins another one."""

PRELUDE = f"""
import asyncio, logging, pathlib, threading, warnings
import streamlit, streamlit.logger, uvicorn
from southbound.common.logs import keep_logs_plain, start_logging
hostile = {HOSTILE!r}
early = streamlit.logger.get_logger("early")
"""
SAYING = {
    "a logger of ours": "logging.getLogger('southbound.x').warning('stock %s', hostile)",
    "streamlit's": "streamlit.logger.get_logger('streamlit.x').warning('stock %s', hostile)",
    "streamlit's, made before": "early.warning(hostile)",
    "the web server's": "streamlit.logger.get_logger('uvicorn.error').error('%s', hostile)",
    "the store client's": "logging.getLogger('redis').error(hostile)",
    "with an error": """
try:
    raise ValueError(hostile)
except ValueError:
    logging.getLogger('southbound').exception('no')
""",
    "streamlit's, with an error": """
try:
    raise ValueError(hostile)
except ValueError:
    streamlit.logger.get_logger('streamlit.x').exception('no')
""",
    "with a stack": "logging.getLogger('x').warning(hostile, stack_info=True)",
    "a warning": "warnings.warn(hostile)",
    "the end of a thread": """
def end():
    raise OSError(hostile)
thread = threading.Thread(target=end, name=hostile)
thread.start()
thread.join()
""",
    "the end of a task": """
async def end():
    raise OSError(hostile)
async def main():
    task = asyncio.ensure_future(end())
    await asyncio.sleep(0.01)
    del task
asyncio.run(main())
""",
}
ENDINGS = {
    "the end of the process": "raise RuntimeError(hostile)",
    "an error of an error": """
try:
    raise ValueError(hostile)
except ValueError as error:
    raise RuntimeError(hostile) from error
""",
}
KEEPING = {"the dashboard": "keep_logs_plain()", "the scraper": "start_logging(pathlib.Path('log'))"}


def assert_plain(written: str) -> None:
    assert "burns" in written
    assert [line for line in written.split("\n") if not line.isprintable()] == []
    assert [line for line in written.split("\n") if line.startswith("2026-02-27")] == []


def said(program: str, folder: Path) -> str:
    """What a program writes to the terminal."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + program],
        capture_output=True,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.stdout == b""
    return done.stderr.decode()


@pytest.mark.parametrize("keeping", KEEPING.values(), ids=KEEPING)
def test_terminal_and_log_get_printable_lines_alone_whoever_speaks(keeping: str, tmp_path: Path) -> None:
    mark = 'logging.getLogger("m").error("--- %s")\n'
    told = said("\n".join([keeping, *(mark % what + saying for what, saying in SAYING.items())]), tmp_path)

    assert_plain(told)
    parts = dict(part.split("\n", 1) for part in told.split("--- ")[1:])
    assert [what for what in SAYING if "burns" not in parts[what]] == []
    if (log := tmp_path / "log").exists():
        assert_plain(log.read_text(encoding="utf-8"))


@pytest.mark.parametrize("keeping", KEEPING.values(), ids=KEEPING)
@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_what_ends_the_process_is_told_in_printable_lines(ending: str, keeping: str, tmp_path: Path) -> None:
    told = said(f"{keeping}\n{ending}", tmp_path)

    assert_plain(told)
    assert "RuntimeError" in told


def test_the_supervisor_passes_on_printable_lines_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Supervisor([Program("scraper", ["true"], {}, ROOT)]).say("scraper", HOSTILE.replace("\n", " "))

    assert_plain(capsys.readouterr().out)


def test_lines_and_blanks_of_a_text_stay() -> None:
    assert lines("a\n    b  c\n") == "a\n    b  c\n"
    assert lines("a\tb\x1b[0m\r\n\u202ec") == "a b [0m \nc"
