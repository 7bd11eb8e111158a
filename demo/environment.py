"""The environment of processes that are to know the replay site, a store and an inbox, and nothing else."""

import os
from urllib.parse import urljoin

from replay.file_faults import Source
from replay.files import FOLDERS
from southbound.config.settings import variables

SECTIONS = {
    Source.QUOTATIONS: "PRICES",
    Source.TURNOVER: "TURNOVER",
    Source.SHORT_POSITIONS: "SHORT_POSITIONS",
}
"""What the product calls the files of the replay site."""


def demo_environment(page: str, store_url: str, smtp_port: int) -> dict[str, str]:
    """The environment of the three processes: nothing of the user's own configuration is left in it."""
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    return inherited | {
        "HKEX_URL": page,
        "REDIS_URL": store_url,
        "SCRAPING_INTERVAL_SECONDS": "2",
        "SCRAPING_MIN_GAP_SECONDS": "0",
        "SMTP_SERVER": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
        "SMTP_SECURITY": "none",
        "EMAIL_SENDER": "southbound@localhost",
        "EMAIL_RECIPIENTS": "reader@localhost",
    }


def with_official_files(page: str) -> dict[str, str]:
    """What switches on prices, turnover and short positions, from the replay site that has this page."""
    switched: dict[str, str] = {}
    for source, section in SECTIONS.items():
        switched |= {f"{section}_ENABLED": "true", f"{section}_URL": urljoin(page, FOLDERS[source])}
    return switched
