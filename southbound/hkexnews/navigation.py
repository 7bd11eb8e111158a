"""What became of a navigation, from the events that Chromium logs. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Navigation:
    """The newest document of a frame, on its way.

    Attributes:
        frame: the frame's id.
        request: the id of the document's request; empty until it is sent.
        status: the HTTP status; 0 until the answer's head is there.
        failure: what the network says, such as `net::ERR_CONNECTION_RESET`; empty if nothing.
        ended: whether all of the answer is there, or it failed.
        received: bytes of the answer that have come, unpacked.
        url: what it asks for; another one after a redirect.
    """

    frame: str
    request: str = ""
    status: int = 0
    failure: str = ""
    ended: bool = False
    received: int = 0
    url: str = ""

    def follow(self, events: Iterable[Mapping[str, Any]]) -> bool:
        """Take in what happened since the last time. Whether it has ended."""
        for event in events:
            match event["method"], event["params"]:
                case "Network.requestWillBeSent", {
                    "type": "Document",
                    "frameId": self.frame,
                    "requestId": new,
                    "request": {"url": url},
                }:
                    self.request, self.url, self.status, self.received = new, url, 0, 0
                    self.failure, self.ended = "", False
                case "Network.responseReceived", {"requestId": self.request, "response": {"status": status}}:
                    self.status = status
                case "Network.dataReceived", {"requestId": self.request, "dataLength": int(length)}:
                    self.received += length
                case "Network.loadingFailed", {"requestId": self.request, "errorText": failure}:
                    self.failure, self.ended = failure, True
                case "Network.loadingFinished", {"requestId": self.request}:
                    self.ended = True
        return self.ended
