"""Answers that leave at once, also on connections that are kept.

uvicorn writes the head of an answer and then its body. Without TCP_NODELAY the body waits until the client
has acknowledged the head, for which Linux takes 40 ms. asyncio sets it on sockets that were made with an
explicit protocol number, which Streamlit's is not; what a listening socket has, its connections inherit.
"""

import os
import socket

import psutil


def send_at_once() -> None:
    """Have all listening sockets of this process, and so their connections from now on, wait for nothing.

    Where the system does not tell which there are (Windows), answers on kept connections stay slower.
    """
    try:
        connections = psutil.Process().net_connections("tcp")
    except (psutil.Error, OSError):
        return
    for known in connections:
        if known.status == psutil.CONN_LISTEN and known.fd >= 0:
            with socket.socket(fileno=os.dup(known.fd)) as listening:
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
