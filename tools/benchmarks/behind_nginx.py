"""A dashboard behind a real nginx that compresses as it is documented, and what a first load takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from replay.serving import free_ports
from tools.benchmarks import pages
from tools.nginx import DOCUMENTED, nginx, running_nginx
from tools.viewer import viewer

TRANSFERRED = """
const loaded = [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")];
return loaded.reduce((sum, each) => sum + each.transferSize, 0);
"""


def first_load(address: str) -> int:
    """The bytes over the wire until the page is at rest, without what its sockets take."""
    with viewer() as driver:
        pages.watch(driver)
        pages.open_page(driver, address)
        return int(driver.execute_script(TRANSFERRED))


@contextmanager
def behind_nginx(address: str, folder: Path) -> Iterator[str | None]:
    """The same dashboard through nginx, without TLS; None where there is no nginx."""
    program = nginx()
    if program is None:
        yield None
        return
    [port] = free_ports(0)
    lines = DOCUMENTED.read_text(encoding="utf-8").splitlines()
    written = "\n".join(line for line in lines if "ssl_certificate" not in line)
    for old, new in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8501;": f"server {urlsplit(address).netloc};",
    }.items():
        written = written.replace(old, new)
    with running_nginx(program, written, folder, port):
        yield f"http://127.0.0.1:{port}"
