"""What the dashboard's process does not hold."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date

from southbound.config.settings import RedisSettings
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT

PROGRAM = """
import sys
from streamlit.testing.v1 import AppTest
from southbound.dashboard.app import PAGE, parts
from southbound.dashboard.state.resources import configured

parts(configured())
page = AppTest.from_file(PAGE, default_timeout=60)
page.run()
assert not page.exception, page.exception
page.query_params["tab"] = "stocks"
page.run()
print(page.title[0].value, *{"pandas", "fastapi", "xlsxwriter"} & set(sys.modules), sep="|")
"""


def test_a_page_with_its_charts_and_tables_is_drawn_without_what_it_does_not_need(
    store: HoldingsStore, recorded: Mapping[date, DailyHoldings], redis_settings: RedisSettings
) -> None:
    """Pandas (25 MB), which Streamlit loads for whatever might be a data frame: a list, a text of seconds.

    And what only the API and a downloaded sheet need: whoever starts the dashboard waits for each.
    """
    for day in sorted(recorded)[-6:]:
        store.put(recorded[day])
    environment = {**os.environ, "REDIS_URL": redis_settings.url, "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, env=environment
    )

    assert done.stdout.splitlines()[-1:] == ["Mainland ownership of Hong Kong stocks"], done.stderr
