"""The address of the store is judged before anything connects; what is wrong is named, and not shown."""

import re

import pytest
import redis

from southbound.store_url import OPTIONS, redis_url

WANT = "an address like redis://host:6379/0"
SECRET = "correct-horse"  # what no message may hold
ESCAPED = f"{WANT}, with the signs @ / ? # % of a password written as %40 %2F %3F %23 %25"
NUMBERED = f"{WANT}, with the number of a database behind the host"
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
