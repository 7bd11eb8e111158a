"""An SMTP conversation that ends in time, and in which the server is not listened to for ever.

smtplib limits the length of a line and the time between two bytes. So a server that goes on with lines would
fill the memory, and one that says a byte every second would keep a mail claimed for hours.
"""

import smtplib
import time
from typing import Any

from southbound.common.host_names import greeting_name

LONGEST_SECONDS = 240.0
"""From the connection to the last answer. The lease of the delivery log is longer: after it another sends
the mail."""

MOST_BYTES = 65_536
"""Of one answer. RFC 5321 (4.5.3.1.5) allows 512 for a line, and servers have some twenty lines to say."""

PART_BYTES = 16_384
"""Of a message, sent at once; over TLS each part could else take the whole timeout."""


class Conversation(smtplib.SMTP):
    """As smtplib's, within `LONGEST_SECONDS`. What is too long, too much or out of turn ends it.

    Args:
        host, port: of the server.
        own_name: what this machine calls itself; anything.
        timeout: seconds for a step.
        end: when it ends at the latest, by the monotonic clock; None for `LONGEST_SECONDS` from now.
        tls: what smtplib wants for TLS.

    Raises:
        smtplib.SMTPServerDisconnected: from every command, for these too.
    """

    def __init__(
        self, host: str, port: int, *, own_name: str, timeout: float, end: float | None = None, **tls: Any
    ) -> None:
        self._step_seconds = timeout
        self._end = time.monotonic() + LONGEST_SECONDS if end is None else end
        # smtplib would ask for our name itself, and raise a UnicodeError for some, or say them as they are.
        super().__init__(host, port, local_hostname=own_name, timeout=timeout, **tls)
        assert self.sock is not None  # noqa: S101 - it has just greeted us
        self.local_hostname = greeting_name(own_name, str(self.sock.getsockname()[0]))

    def hurry(self, seconds: float) -> None:
        """End within so many seconds."""
        self._end = min(self._end, time.monotonic() + seconds)

    def getreply(self) -> tuple[int, bytes]:
        """One answer. smtplib takes its lines from `file`, and makes one if there is none."""
        if self.file is None:
            self.file = _Ear(self)
        self.file.begin()
        return super().getreply()

    def send(self, s: Any) -> None:
        """Say something: when it is our turn, and part by part."""
        self._check_turn()
        said = s.encode(self.command_encoding) if isinstance(s, str) else s
        for begin in range(0, len(said), PART_BYTES):
            self.limit_step()
            super().send(said[begin : begin + PART_BYTES])

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        """Say a command and hear its answer. What is said before TLS begins is not heard after it."""
        answer = super().docmd(cmd, args)
        self._check_turn()
        return answer

    def _check_turn(self) -> None:
        """An answer to a command that was not given would be taken for the answer to the next one."""
        if self.file is not None and self.file.has_heard_more:
            self.close()
            raise smtplib.SMTPServerDisconnected("it answers before it is asked")

    def limit_step(self) -> None:
        """Let the next step take what is left of the time.

        Raises:
            smtplib.SMTPServerDisconnected: nothing is left, or the connection is closed.
        """
        left = self._end - time.monotonic()
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("it is closed")
        if left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected("it takes too long")
        self.sock.settimeout(min(self._step_seconds, left))


class TlsConversation(Conversation, smtplib.SMTP_SSL):
    """One that is protected from its first byte."""


class _Ear:
    """What the server says, line by line, in the place of the file that smtplib would make."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._heard = b""
        self._left = 0

    @property
    def has_heard_more(self) -> bool:
        """Whether something came after the last answer."""
        return bool(self._heard)

    def begin(self) -> None:
        """An answer begins."""
        self._left = MOST_BYTES

    def readline(self, longest: int) -> bytes:
        """The next line; what there is of it if the server has hung up.

        Raises:
            OSError: no line came in time, or too much.
        """
        while b"\n" not in self._heard:
            if len(self._heard) > longest:
                raise OSError(f"a line of more than {longest:,} bytes")
            self._conversation.limit_step()
            assert self._conversation.sock is not None  # noqa: S101 - else there would be no next step
            came = self._conversation.sock.recv(4096)
            if not came:
                break
            self._heard += came
        line, newline, self._heard = self._heard.partition(b"\n")
        self._left -= len(line)
        if self._left < 0:
            raise OSError(f"an answer of more than {MOST_BYTES:,} bytes")
        return line + newline

    def close(self) -> None:
        """Nothing is held open: the socket is the conversation's."""
