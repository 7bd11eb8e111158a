"""The address of the store is judged before anything connects; what is wrong is named, and not shown."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
import redis
from hypothesis import given, settings, strategies as st
from redis.sentinel import SentinelConnectionPool, SentinelManagedSSLConnection

from southbound.common.errors import StoreError, StoreUnavailable
from southbound.config.redis_url import OPTIONS, redis_url
from southbound.config.settings import RedisSettings
from southbound.store.client import connect, store_errors

WANT = "an address like redis://host:6379/0"
WANT_SENTINEL = "an address like redis+sentinel://host1:26379,host2:26379/mymaster/0"
SECRET = "correct-horse"  # what no message may hold
ESCAPED = f"{WANT}, with the signs @ / ? # % of a password written as %40 %2F %3F %23 %25"
NUMBERED = f"{WANT}, with the number of a database behind it"
VALUES = {
    "db": "2",
    "protocol": "3",
    "socket_timeout": "2.5",
    "socket_connect_timeout": "1",
    "socket_keepalive": "yes",
    "health_check_interval": "30",
    "ssl_cert_reqs": "required",
    "ssl_check_hostname": "true",
}


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost:6379/0",
        "redis://host",
        "redis://host/",
        "redis://[::1]:6379/1",
        "redis://:se@cret@host/0",
        "redis://user@host:6379/0",
        "rediss://user:word@host",
        "rediss://host/0?ssl_cert_reqs=none&ssl_ca_certs=/etc/store.pem",
        "unix:///run/store.sock?db=1",
        "unix:///run/store.sock",
        "redis+sentinel://host1:26379,host2:26379/mymaster/0",
        "redis+sentinel://host1/mymaster",
        "redis+sentinel://user:w%40rd@host1,[::1]:26380/my-master.1/2?socket_timeout=1&sentinel_password=word",
        "rediss+sentinel://:se@cret@host1,host2,host3/mymaster?ssl_ca_certs=/etc/store.pem",
    ],
)
def test_an_address_that_redis_py_reads_is_taken_as_it_is(url: str) -> None:
    assert redis_url(url) == url


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_that_is_offered_is_one_of_redis_pys(name: str) -> None:
    value = VALUES.get(name, "something")
    scheme = "rediss" if name.startswith("ssl_") else "redis"
    beside = "&ssl_certfile=own.pem" if name == "ssl_keyfile" else ""

    url = redis_url(f"{scheme}://host/0?{name}={value}{beside}")

    assert name in redis.ConnectionPool.from_url(url).connection_kwargs


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("localhost:6379", WANT),
        ("redis://", WANT),
        ("redis://host:six/0", WANT),
        ("redis://host:0", WANT),
        ("redis://host:99999", WANT),
        ("http://host", WANT),
        ("redis://host /0", WANT),
        ("redis://host/0\x1b[2J", WANT),
        (f"redis://{'h' * 2000}", WANT),
        ("redis://host/abc", NUMBERED),
        ("redis://host/0/1", NUMBERED),
        ("redis://host/\uff11", NUMBERED),
        ("redis://host/-1", NUMBERED),
        ("redis://host/1_0", NUMBERED),
        ("redis://host/0#1", NUMBERED),
        ("redis://host/0?socket_timeout=abc", f"{WANT} with another value for the option 'socket_timeout'"),
        ("redis://host/0?socket_timeout=-1", f"{WANT} with another value for the option 'socket_timeout'"),
        ("redis://host/0?socket_timeout=nan", f"{WANT} with another value for the option 'socket_timeout'"),
        ("redis://host?db=first", f"{WANT} with another value for the option 'db'"),
        ("redis://host?db=", f"{WANT} with another value for the option 'db'"),
        ("redis://host?protocol=9", f"{WANT} with another value for the option 'protocol'"),
        ("redis://host?ssl_ca_certs=a.pem", f"{WANT} with another value for the option 'ssl_ca_certs'"),
        ("redis://host?db=1&db=2", f"{WANT} with each option once"),
        (f"redis://user:1/{SECRET}@host:6379/0", ESCAPED),
        (f"redis://user:1?{SECRET}=1@host/0", ESCAPED),
        (f"redis://user:1#{SECRET}@host/0", ESCAPED),
        ("redis+sentinel://", WANT_SENTINEL),
        ("redis+sentinel:///mymaster", WANT_SENTINEL),
        ("redis+sentinel://host1,,host2/mymaster", WANT_SENTINEL),
        ("redis+sentinel://host1:six/mymaster", WANT_SENTINEL),
        ("redis+sentinel://host1,host2:0/mymaster", WANT_SENTINEL),
        ("redis+sentinel://host1", WANT_SENTINEL),
        ("redis+sentinel://host1/my master", WANT_SENTINEL),
        ("redis+sentinel://host1/mymaster#1", WANT_SENTINEL),
        (f"redis+sentinel://user:1/{SECRET}@host1/mymaster", WANT_SENTINEL),
        (
            "redis+sentinel://host1/mymaster/first",
            f"{WANT_SENTINEL}, with the number of a database behind it",
        ),
        (
            "redis+sentinel://host1/mymaster?ssl_ca_certs=a.pem",
            f"{WANT_SENTINEL} with another value for the option 'ssl_ca_certs'",
        ),
        ("unix+sentinel://host1/mymaster", WANT),
        ("unix://", "an address like unix:///path/to/socket"),
        ("unix://run/store.sock", "an address like unix:///path/to/socket"),
        ("unix:///run/\x00", "text without control characters"),
    ],
    ids=lambda field: f"{field!r:.40}",
)
def test_an_address_that_would_fail_later_is_refused_at_once(url: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(wanted)}$") as caught:
        redis_url(url)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["sockettimeout", "decode_responses", "encoding", "retry", "path", "x" * 500]
)
def test_an_option_that_is_not_offered_is_named_with_those_that_are(name: str) -> None:
    wanted = f"{WANT} without the option {name!r:.40}, as there are only db, username, password, "

    with pytest.raises(ValueError, match=re.escape(wanted)) as caught:
        redis_url(f"redis://host/0?{name}={SECRET}")
    assert SECRET not in str(caught.value)


ODD_HOSTS = ["localhost", "127.0.0.1", "127.1", "0", "[::1]", "a..b", "*", "%00", "x%00y", "a" * 64]
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=6).map(quote)
HOSTS = st.sampled_from(ODD_HOSTS) | ANY_TEXT
SIGN_INS = st.sampled_from(["", "user@", ":word@", "user:w%40rd@", "%ff:%00@"])
VALUE_TEXTS = ["", "0", "1", "2", "3", "0.5", "yes", "none", "optional", "required", "/no/such/file", "name"]
CHOSEN = st.dictionaries(st.sampled_from([*OPTIONS, "retry"]), st.sampled_from(VALUE_TEXTS), max_size=3)


@st.composite
def urls(draw: st.DrawFn) -> str:
    """Addresses of every form, most of which a store could be at."""
    options = "&".join(f"{name}={quote(value)}" for name, value in draw(CHOSEN).items())
    asked = f"?{options}" if options else ""
    if draw(st.integers(0, 4)) == 0:
        return f"unix:///{draw(ANY_TEXT)}{asked}"
    # Port 1 is nobody's; without one it is the usual one, where a store may be.
    where = draw(HOSTS) + draw(st.sampled_from([":1", ":1", ":1", "", ":"]))
    path = draw(st.sampled_from(["", "/", "/0", "/7", "/99999"]))
    if draw(st.integers(0, 2)) == 0:
        where += draw(st.sampled_from(["", ",127.0.0.1:1", ",[::1]:1", ","]))
        path = draw(st.sampled_from(["/mymaster", "/a.b-c_1", "", "/ä"])) + path
        asked += draw(st.sampled_from(["", "&sentinel_password=word"])) if asked else ""
        return f"{draw(st.sampled_from(['redis', 'rediss']))}+sentinel://{draw(SIGN_INS)}{where}{path}{asked}"
    return f"{draw(st.sampled_from(['redis', 'rediss']))}://{draw(SIGN_INS)}{where}{path}{asked}"


@pytest.fixture(scope="module")
def no_look_ups() -> Iterator[None]:
    """Names are not looked up in a network that may be slow to say that it knows none."""
    real = socket.getaddrinfo

    def look_up(host: str, *arguments: Any, **more: Any) -> Any:
        # What the real one makes of a name before it asks anybody.
        str(host).encode("idna")
        if "\0" in str(host):
            raise ValueError("embedded null character")
        if re.fullmatch(r"[0-9.:]+|localhost", str(host)):
            return real(host, *arguments, **more)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", look_up)
        yield


@pytest.mark.usefixtures("no_look_ups")
@settings(deadline=None, max_examples=300)
@given(urls())
def test_whatever_is_accepted_ends_in_a_store_or_in_our_word_that_there_is_none(url: str) -> None:
    try:
        redis_url(url)
    except ValueError:
        return
    client = connect(RedisSettings(url=url))
    with suppress(StoreError), store_errors(client):
        client.ping()
    # As if nobody were there, on whatever port.
    with (
        pytest.raises(StoreUnavailable, match=r"(?s)^the store at .* does not answer: "),
        store_errors(client),
    ):
        raise redis.ConnectionError("refused")
    client.close()


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("redis://localhost", "localhost:6379"),
        ("redis://host/3", "host:6379"),
        ("rediss://user:word@host", "host:6379"),
        ("redis://[fe80::1]", "[fe80::1]:6379"),
        ("redis://[::1]:7000/1?socket_timeout=1", "[::1]:7000"),
        ("unix:///run/store.sock?db=1", "/run/store.sock"),
        (
            "redis+sentinel://user:word@two:1,[::1]:2,one/mymaster/0",
            "mymaster of the sentinels [::1]:2, one:26379, two:1",
        ),
    ],
)
def test_a_store_that_is_away_is_named_by_where_it_should_be(url: str, where: str) -> None:
    client = connect(RedisSettings(url=redis_url(url)))

    with (
        pytest.raises(StoreUnavailable, match=f"^the store at {re.escape(where)} does not answer: refused"),
        store_errors(client),
    ):
        raise redis.ConnectionError("refused")


def test_the_sentinels_have_their_own_password_and_the_servers_theirs_with_all_options_of_a_connection() -> (
    None
):
    url = "rediss+sentinel://u:w%40rd@one,two:7/mymaster/3?ssl_ca_certs=a.pem&sentinel_password=other&client_name=us"

    pool = connect(RedisSettings(url=redis_url(url))).connection_pool

    assert isinstance(pool, SentinelConnectionPool)
    assert pool.service_name == "mymaster"
    assert isinstance(pool.make_connection(), SentinelManagedSSLConnection)
    wanted = {"username": "u", "password": "w@rd", "db": 3, "ssl_ca_certs": "a.pem", "client_name": "us"}
    assert wanted.items() <= pool.connection_kwargs.items()
    asked = [sentinel.connection_pool.connection_kwargs for sentinel in pool.sentinel_manager.sentinels]
    assert [(one["host"], one["port"]) for one in asked] == [("one", 26379), ("two", 7)]
    for one in asked:
        assert {"password": "other", "ssl_ca_certs": "a.pem"}.items() <= one.items()
        assert one.keys().isdisjoint({"username", "client_name"}) or one.get("username") is None
