"""What is said when Chromium does not start, by the words that it and its driver were heard to say."""

import pytest

from southbound.hkexnews.start_failures import cause_of, is_final, last_words, sandbox_is_refused

NO_SANDBOX = [
    (
        "[1:1:1125/1:ERROR:content/browser/zygote_host/zygote_host_impl_linux.cc:130] No usable sandbox! If "
        "this is a Debian system, please install the chromium-sandbox package to solve this problem."
    ),
    (
        "[1:1:1125/1:ERROR:content/browser/zygote_host/zygote_host_impl_linux.cc:103] Running as root "
        "without --no-sandbox is not supported. See https://crbug.com/638180."
    ),
    (
        "[1:1:FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary was found, but is not "
        "configured correctly. Rather than run without sandboxing I'm aborting now."
    ),
    (
        "Failed to move to new namespace: PID namespaces supported, Network namespace supported, but failed: "
        "errno = Operation not permitted"
    ),
]
HARMLESS = [
    "",
    "Starting ChromeDriver 156.0.8078.108 on port 36555\nOnly local connections are allowed.",
    "[1:1:ERROR:dbus/bus.cc:405] Failed to connect to the bus: Could not parse server address",
    (
        "[1:W:sandbox/policy/linux/sandbox_linux.cc:405] InitializeSandbox() called with multiple threads "
        "in process gpu-process."
    ),
]


@pytest.mark.parametrize("said", NO_SANDBOX)
def test_a_machine_that_permits_no_sandbox_is_told_by_chromiums_words(said: str) -> None:
    assert sandbox_is_refused(said)
    assert is_final(said)
    assert "does not permit its sandbox" in cause_of(said, "/tmp/x")


@pytest.mark.parametrize("said", HARMLESS)
def test_what_is_said_at_every_start_is_no_failure(said: str) -> None:
    assert not sandbox_is_refused(said)
    assert not is_final(said)
    assert cause_of(said, "/tmp/x") == ""
    assert last_words(said) in {"", said.partition("\n")[0]}


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "DevTools remote debugging is disallowed by the system admin.",
            "set RemoteDebuggingAllowed to true",
        ),
        (
            "chromium: error while loading shared libraries: libnss3.so: cannot open shared object file",
            "the library libnss3.so is missing",
        ),
        (
            (
                "session not created: This version of ChromeDriver only supports Chrome version 156\n"
                "Current browser version is 151.0.1.2 with binary path /usr/bin/chromium"
            ),
            "the driver is made for Chromium 156, and this is 151.0.1.2",
        ),
        ("This version of ChromeDriver only supports Chrome version 156", "156, and this is another"),
        ("unknown error: cannot find Chrome binary", "no Chromium is found"),
        ("session not created: no chrome binary at /opt/chrome", "no Chromium is found"),
        ("Message: Unable to obtain driver for chrome", "no driver is found"),
        ("[ERROR:file_io.cc] write: No space left on device (28)", "no room for its files in /tmp/x"),
        ("mkdir /tmp/x/t/profile: Read-only file system", "cannot be written in /tmp/x"),
        ("pthread_create: Resource temporarily unavailable (11)", "no further processes"),
        ("snap-confine has elevated permissions and is not confined", "a Chromium that is a snap"),
    ],
)
def test_each_cause_has_its_line_with_a_way_out(said: str, line: str) -> None:
    cause = cause_of(f"Starting ChromeDriver\n{said}\n", "/tmp/x")

    assert line in cause
    assert any(words in cause for words in ("set ", "install ", "raise "))
    assert cause.isprintable()


def test_what_is_not_known_is_shown_as_it_was_said_in_short() -> None:
    said = "Starting ChromeDriver 1\nsomething strange \x1b[31m" + "x" * 999 + "\nTimed out receiving\n"

    assert last_words(said).startswith("something strange")
    assert last_words(said).isprintable()
    assert len(last_words(said)) < 310
