"""What became of a navigation, told by the events that Chromium logs."""

from typing import Any

import pytest

from southbound.hkexnews.navigation import Navigation

Event = dict[str, Any]


PAGE = "https://site.example/page"


def sent(request: str, frame: str = "main", kind: str = "Document", url: str = PAGE) -> Event:
    params = {"requestId": request, "frameId": frame, "type": kind, "request": {"url": url}}
    return {"method": "Network.requestWillBeSent", "params": params}


def received(request: str, status: int) -> Event:
    params = {"requestId": request, "response": {"status": status}}
    return {"method": "Network.responseReceived", "params": params}


def finished(request: str) -> Event:
    return {"method": "Network.loadingFinished", "params": {"requestId": request}}


def failed(request: str, error: str = "net::ERR_CONNECTION_RESET") -> Event:
    return {"method": "Network.loadingFailed", "params": {"requestId": request, "errorText": error}}


def part(request: str, length: int) -> Event:
    params = {"requestId": request, "dataLength": length, "encodedDataLength": 1}
    return {"method": "Network.dataReceived", "params": params}


DOM_READY: Event = {"method": "Page.domContentEventFired", "params": {"timestamp": 1.5}}


def test_it_ends_when_all_of_the_document_is_there() -> None:
    navigation = Navigation("main")

    assert not navigation.follow([sent("A")])
    assert not navigation.follow([received("A", 200), DOM_READY])
    assert navigation.follow([finished("A")])
    assert navigation == Navigation("main", "A", 200, "", ended=True, url=PAGE)


def test_the_bytes_of_the_document_are_counted_as_they_are_unpacked() -> None:
    navigation = Navigation("main")

    navigation.follow([sent("A"), part("A", 900), sent("B"), received("B", 200), part("B", 70)])
    navigation.follow([part("B", 7), part("A", 900), part("advertisement", 5000)])

    assert navigation.received == 77


def test_what_fails_says_why_whatever_chromium_shows_in_its_place() -> None:
    navigation = Navigation("main")

    assert navigation.follow([sent("A"), failed("A"), finished("A")])
    assert navigation.failure == "net::ERR_CONNECTION_RESET"


@pytest.mark.parametrize(
    "others",
    [
        [finished("B"), failed("B")],
        [sent("B", frame="advertisement"), received("B", 404), finished("B")],
        [sent("B", kind="Script"), received("B", 404), failed("B")],
    ],
)
def test_other_requests_do_not_end_it(others: list[Event]) -> None:
    navigation = Navigation("main")

    assert not navigation.follow([*others, sent("A"), received("A", 200), *others])
    assert navigation == Navigation("main", "A", 200, url=PAGE)


def test_a_document_that_leads_to_another_is_not_the_end() -> None:
    navigation = Navigation("main")

    assert not navigation.follow([sent("A"), received("A", 403), finished("A"), sent("B")])
    assert navigation.follow([received("B", 200), finished("B")])
    assert navigation == Navigation("main", "B", 200, "", ended=True, url=PAGE)


def test_a_redirect_is_followed_to_its_address() -> None:
    navigation = Navigation("main")

    navigation.follow([sent("A"), sent("A", url="https://elsewhere.example/"), failed("A")])

    assert navigation.url == "https://elsewhere.example/"
