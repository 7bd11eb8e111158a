"""A real nginx with a configuration of ours, for as long as a `with` block lasts."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from southbound.running.all_in_one import is_free
from tools.waiting import wait_until

DOCUMENTED = Path(__file__).parents[1] / "docs" / "deploy" / "nginx.conf"

# What Debian's nginx.conf is around a file of conf.d/, in a folder of its own and without its user.
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


def nginx() -> str | None:
    """The program, which stands where a user's PATH does not lead; None where there is none."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


@contextmanager
def running_nginx(program: str, configuration: str, folder: Path, port: int) -> Iterator[None]:
    """It listens when the block begins, and has ended after it.

    Args:
        program: see `nginx`.
        configuration: what stands in conf.d/.
        folder: for all that it reads and writes.
        port: that the configuration listens on.

    Raises:
        RuntimeError: it ended at once; with what it says.
    """
    (folder / "southbound.conf").write_text(configuration, encoding="utf-8")
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    process = subprocess.Popen(  # noqa: S603 - it is the system's own
        [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    )
    try:
        wait_until("nginx", lambda: not is_free(port) or process.poll() is not None, 10)
        if process.poll() is not None:
            raise RuntimeError(f"nginx: {(folder / 'error.log').read_text(encoding='utf-8')}")
        yield
    finally:
        process.terminate()
        process.wait(10)
