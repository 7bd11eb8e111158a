"""What the configuration's problems say: `[section] key: got X, want Y (from Z)`."""

HIDDEN = "a value (not shown)"

PORT = "a whole number from 1 to 65535 (port)"
DAYS = "a whole number from 1 to 366 (calendar days)"
ROWS = "a whole number from 1 to 99999 (rows)"
SECONDS = "a number of seconds from 0.1 to 86400"
CODES = "stock codes like 700, 00005"
ONE_LINE = "text without control characters"
SHORT = "at most 1000 characters"
FILE = "a file in a folder that exists"
PROGRAM = "a program that exists and can be run"
MAILBOX = "an address like somebody@example.org"
HTTP = "an address like https://host/path"
HTTP_ALONE = f"{HTTP}, without a user or password"
STORE = "an address like redis://host:6379/0"


def wrong(option: str, got: str, want: str, source: str) -> str:
    """The problem of a value."""
    return f"{option}: got {got}, want {want} (from {source})"
