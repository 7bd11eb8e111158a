"""Logs in at a proxy that wants a password, for Chromium, which takes none in the proxy's address.

Over the driver's WebDriver BiDi socket: so the password stands in no command line.
"""

import json
import logging
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import websocket

from southbound.common.background import BackgroundThread
from southbound.hkexnews.proxy import Proxy

log = logging.getLogger(__name__)

ASKED = "goog:cdp.Fetch.authRequired"
"""WebDriver BiDi's own `network.authRequired` does not say who asks; but without it the driver answers."""

NO_LOGIN = {"response": "CancelAuth"}
ANSWERS_WITHIN_SECONDS = 15.0


class ProxyLogin:
    """Answers each request for the proxy's password until it is closed.

    Args:
        address: of the driver's WebSocket.
        proxy: whose login it is.

    Raises:
        OSError: the driver does not answer. (websocket-client's errors are none; they are turned into it.)
    """

    def __init__(self, address: str, proxy: Proxy) -> None:
        self._proxy = proxy
        self._sent = 0
        self._asked: set[str] = set()
        try:
            parts = urlsplit(address)
            # Connected by ourselves: websocket-client would ask the proxy for it.
            connection = socket.create_connection((parts.hostname, parts.port or 80), ANSWERS_WITHIN_SECONDS)
            self._socket = websocket.create_connection(
                address, timeout=ANSWERS_WITHIN_SECONDS, socket=connection, suppress_origin=True
            )
            self._call("session.subscribe", events=[ASKED, "network.authRequired"])
            self._call("network.addIntercept", phases=["authRequired"])
            self._socket.settimeout(None)
        except websocket.WebSocketException as error:
            raise OSError(f"no login at the proxy: {error}") from error
        self._thread = BackgroundThread("proxy login", self._answer)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        with suppress(OSError, websocket.WebSocketException):
            self._socket.shutdown()  # type: ignore[no-untyped-call]
        self._thread.stop(1.0)

    def _answer(self) -> None:
        """One message of the driver's; without one it has ended, or is to be heard no more."""
        try:
            message = self._socket.recv()
        except (OSError, websocket.WebSocketException) as error:
            log.debug("the login at the proxy ends: %s", error)
            message = ""
        if message:
            self._take(json.loads(message))
        else:
            self._thread.stopping.set()

    def _take(self, message: dict[str, Any]) -> None:
        match message:
            case {
                "method": "goog:cdp.Fetch.authRequired",
                "params": {
                    "session": str(session),
                    "params": {"requestId": str(request), "authChallenge": {"source": str(source)}},
                },
            }:
                # Not to a site that asks for one. And what is asked for twice was not taken.
                wanted = source == "Proxy" and request not in self._asked
                self._asked.add(request)
                answer = {
                    "requestId": request,
                    "authChallengeResponse": self._login() if wanted else NO_LOGIN,
                }
                command = {"method": "Fetch.continueWithAuth", "params": answer, "session": session}
                self._send("goog:cdp.sendCommand", **command)

    def _login(self) -> dict[str, str]:
        login = {"username": self._proxy.username, "password": self._proxy.password}
        return {"response": "ProvideCredentials", **login}

    def _call(self, method: str, /, **parameters: object) -> None:
        self._send(method, **parameters)
        while (answer := json.loads(self._socket.recv())).get("id") != self._sent:
            pass
        if "error" in answer:
            raise OSError(f"no login at the proxy: {method}: {answer['error']}")

    def _send(self, method: str, /, **parameters: object) -> None:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
