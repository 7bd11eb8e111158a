"""Logs in at a proxy that wants a password, for Chromium, which takes none in the proxy's address.

Over the driver's WebDriver BiDi socket: so the password stands in no command line.
"""

import json
import logging
from contextlib import suppress
from typing import Any

import websocket

from southbound.background import Background
from southbound.hkexnews.proxy import Proxy

log = logging.getLogger(__name__)

PROXY_WANTS_LOGIN = 407
ANSWERS_WITHIN_SECONDS = 15.0


class ProxyLogin:
    """Answers each question for the proxy's password until it is closed.

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
            self._socket = websocket.create_connection(
                address, timeout=ANSWERS_WITHIN_SECONDS, http_no_proxy=["*"], suppress_origin=True
            )
            self._call("session.subscribe", events=["network.authRequired"])
            self._call("network.addIntercept", phases=["authRequired"])
            self._socket.settimeout(None)
        except websocket.WebSocketException as error:
            raise OSError(f"no login at the proxy: {error}") from error
        self._thread = Background("proxy login", self._answer)
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
                "method": "network.authRequired",
                "params": {"request": {"request": str(request)}, "response": {"status": int(status)}},
            }:
                # A second question for the same request: the proxy does not take it.
                wanted = status == PROXY_WANTS_LOGIN and request not in self._asked
                self._asked.add(request)
                self._send(
                    "network.continueWithAuth", request=request, **(self._login() if wanted else REFUSED)
                )

    def _login(self) -> dict[str, Any]:
        credentials = {"type": "password", "username": self._proxy.username, "password": self._proxy.password}
        return {"action": "provideCredentials", "credentials": credentials}

    def _call(self, method: str, **parameters: object) -> None:
        self._send(method, **parameters)
        while (answer := json.loads(self._socket.recv())).get("id") != self._sent:
            pass
        if "error" in answer:
            raise OSError(f"no login at the proxy: {method}: {answer['error']}")

    def _send(self, method: str, **parameters: object) -> None:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))


REFUSED = {"action": "cancel"}
