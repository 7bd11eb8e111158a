"""Files that lost, got or changed a byte or a line."""


def mutated(file: bytes, kind: str, place: int, byte: bytes) -> bytes:
    """The file with one byte or one line deleted, doubled or replaced, or cut off."""
    lines = file.split(b"\n")
    line = place % (len(lines) - 1) if len(lines) > 1 else 0
    made = {
        "a byte deleted": file[:place] + file[place + 1 :],
        "a byte inserted": file[:place] + byte + file[place:],
        "a byte replaced": file[:place] + byte + file[place + 1 :],
        "a line deleted": b"\n".join(lines[:line] + lines[line + 1 :]),
        "a line doubled": b"\n".join(lines[: line + 1] + lines[line:]),
        "two lines swapped": b"\n".join([*lines[:line], *lines[line : line + 2][::-1], *lines[line + 2 :]]),
        "cut off": file[:place],
    }
    return made[kind]


KINDS = (
    "a byte deleted",
    "a byte inserted",
    "a byte replaced",
    "a line deleted",
    "a line doubled",
    "two lines swapped",
    "cut off",
)
BYTES = (b"x", b"-", b".", b",", b"\n", b"\t", b"<", b"&", b"\xff", b"\x00", b'"', b"{", b"]")
