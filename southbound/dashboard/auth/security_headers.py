"""What browsers are told with every answer: what a page may load, and who may show it."""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from southbound.dashboard.auth.request_guard import Headers

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def security_headers() -> Headers:
    """The headers, as ASGI has them."""
    headers = {
        "content-security-policy": policy(_streamlit_page()),
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def policy(page: str) -> str:
    """The content security policy for Streamlit's page: as narrow as it works.

    Charts and the table set styles of their elements, and components are scripts that the page makes
    (`blob:`). The newest mail is shown as an address of its own (`data:`), which is under this policy too.
    """
    scripts = [
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    ]
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "blob:", *scripts],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-src": ["data:"],
        "manifest-src": ["'self'"],
        "worker-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def _streamlit_page() -> str:
    return files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")
