"""A dashboard behind a real nginx that compresses as it is documented, and what a first load takes."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from replay.serving import free_ports
from southbound.running.all_in_one import is_free
from tools.benchmarks import pages
from tools.viewer import viewer
from tools.waiting import wait_until

DOCUMENTED = Path(__file__).parents[2] / "docs" / "deploy" / "nginx.conf"

# What Debian's nginx.conf is around a file of conf.d/, in a folder of its own.
AROUND = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{}}
http {{
    access_log off; default_type application/octet-stream;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/southbound.conf;
}}
"""

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
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
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
    (folder / "southbound.conf").write_text(written, encoding="utf-8")
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    process = subprocess.Popen(
        [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    )
    try:
        wait_until("nginx", lambda: not is_free(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
