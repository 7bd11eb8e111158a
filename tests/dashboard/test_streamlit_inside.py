"""What this dashboard uses of Streamlit beyond its documents: each has the shape that we were written for.

A newer Streamlit may change any of it without a word; these tests say what, before a reader does.
"""

import inspect
import json
import tomllib
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
import streamlit as st
from packaging.requirements import Requirement
from packaging.version import Version
from starlette.routing import BaseRoute, Route, WebSocketRoute
from streamlit import auth_util, config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.secrets import SecretsValue
from streamlit.watcher.path_watcher import watch_file
from streamlit.watcher.polling_path_watcher import PollingPathWatcher
from streamlit.web.server.starlette import starlette_auth_routes, starlette_websocket
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from southbound.dashboard.auth.middleware import OPEN_FOLDER, OPEN_PATHS, SIGN_OUT, STREAM
from southbound.dashboard.auth.request_guard import NOT_SERVED
from southbound.dashboard.live.streamlit_words import WORDS
from southbound.dashboard.unwatched_files import watch_no_files
from tests.conftest import ROOT, becomes_true

SECRET = "what the cookies of these tests are signed with"
SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"


def parameters(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


def test_only_a_streamlit_that_this_was_tried_with_can_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"]]
    [streamlit] = [requirement for requirement in wanted if requirement.name == "streamlit"]
    major, minor, *_ = Version(st.__version__).release

    assert st.__version__ in streamlit.specifier
    assert f"{major}.{minor + 1}.0" not in streamlit.specifier


def test_the_functions_that_read_cookies_take_what_we_give_them() -> None:
    assert parameters(decode_signed_value)[:3] == ["secret", "name", "value"]
    assert parameters(create_signed_value) == ["secret", "name", "value"]
    assert parameters(auth_util.get_cookie_with_chunks) == ["get_single_cookie_fn", "cookie_name"]
    signed = create_signed_value(SECRET, "name", "value")
    assert decode_signed_value(SECRET, "name", signed) == b"value"
    assert decode_signed_value(SECRET, "other", signed) is None
    assert (USER_COOKIE_NAME, TOKENS_COOKIE_NAME) == ("_streamlit_user", "_streamlit_user_tokens")


def test_who_signs_in_gets_the_claims_and_a_cookie_that_says_where_from() -> None:
    payload = json.dumps(
        {"email": "a@example.org", "iat": 7, "is_logged_in": True, "origin": "https://a.example"}
    )
    read = starlette_websocket._parse_decoded_user_cookie

    assert read(payload.encode(), "https://a.example") == {
        "email": "a@example.org",
        "iat": 7,
        "is_logged_in": True,
    }
    assert read(payload.encode(), "https://b.example") == {}


def test_signing_in_takes_the_settings_that_we_give_it() -> None:
    source = inspect.getsource(auth_util) + inspect.getsource(starlette_auth_routes)
    for name in ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"):
        assert f'"{name}"' in source
    assert "Max-Age" in inspect.getsource(starlette_auth_routes)
    assert SecretsValue is not None


def test_a_run_of_the_page_says_whether_the_browser_went_back() -> None:
    assert parameters(get_script_run_ctx)[:1] == ["suppress_warning"]
    assert ScriptRunContext.__dataclass_fields__["is_history_navigation"].default is False
    assert BackMsg().rerun_script.is_history_navigation is False
    index = next(SCRIPTS.glob("index.*.js")).read_text(encoding="utf-8")
    assert "isHistoryNavigation" in index
    assert "history.pushState" in index


def test_a_change_of_the_address_is_one_message() -> None:
    assert (
        parameters(st.query_params.from_dict) == ["params"] or len(parameters(st.query_params.from_dict)) == 1
    )
    assert "query_string" in ForwardMsg().page_info_changed.DESCRIPTOR.fields_by_name


@pytest.mark.parametrize(
    "path", [*sorted(OPEN_PATHS - {"/", "/favicon.png", "/manifest.json"}), STREAM, SIGN_OUT]
)
def test_each_path_that_we_open_or_close_is_there(path: str, routes: dict[str, BaseRoute]) -> None:
    assert path in routes


def test_all_that_is_not_open_is_known_and_closed(routes: dict[str, BaseRoute]) -> None:
    """A route that a newer Streamlit adds is one that somebody must look at."""
    closed = {path for path in routes if path not in OPEN_PATHS and not path.startswith(OPEN_FOLDER)}

    assert closed == {
        "",  # Streamlit's page and its scripts
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/agent/openapi.json",
        "/_stcore/bidi-components/{path:path}",
        "/_stcore/metrics",
        "/_stcore/upload_file/{session_id}/{file_id}",
        "/component/{path:path}",
        "/media/{file_id:path}",
    }


def test_what_is_not_served_is_where_streamlit_has_it(routes: dict[str, BaseRoute]) -> None:
    for prefix in NOT_SERVED:
        assert any(path.startswith(prefix) for path in routes)
    assert isinstance(routes[STREAM], WebSocketRoute)
    assert isinstance(routes[SIGN_OUT], Route)


@pytest.fixture(scope="module")
def routes() -> dict[str, BaseRoute]:
    """Streamlit's own, by their paths."""
    app = st.App(ROOT / "southbound" / "dashboard" / "page.py")
    found = create_streamlit_routes(app._create_runtime())
    return {str(getattr(route, "path", "")): route for route in found}


def test_the_options_of_our_configuration_are_streamlits() -> None:
    ours = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    known = config.get_config_options()
    named = {
        f"{section}.{name}"
        for section, options in ours.items()
        for name, value in options.items()
        if not isinstance(value, dict)
    }

    assert named >= {"server.maxMessageSize", "server.maxWidgetStateSize", "browser.gatherUsageStats"}
    assert sorted(named - known.keys()) == []


def test_its_configuration_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = SimpleQueue[object]()
    period = "streamlit.watcher.polling_path_watcher._POLLING_PERIOD_SECS"
    monkeypatch.setattr(period, 0.01)
    monkeypatch.setattr(PollingPathWatcher, "_schedule", PollingPathWatcher._schedule)
    look = PollingPathWatcher._check_if_path_changed

    def looked(watcher: PollingPathWatcher) -> None:
        look(watcher)
        looks.put(watcher)

    monkeypatch.setattr(PollingPathWatcher, "_check_if_path_changed", looked)
    watch_file(str(tmp_path / "config.toml"), looks.put, watcher_type="poll", allow_nonexistent=True)
    assert looks.get(timeout=10) is looks.get(timeout=10)

    watch_no_files()

    def looks_again() -> bool:
        try:
            return looks.get(timeout=0.5) is not None
        except Empty:
            return False

    assert becomes_true(lambda: not looks_again(), 10)


def test_streamlit_still_says_what_is_replaced_in_other_languages() -> None:
    scripts = "".join(script.read_text(encoding="utf-8") for script in SCRIPTS.glob("*.js"))

    begun = {word: word.partition("{")[0].removesuffix("apply") for word in WORDS}
    assert [word for word, beginning in begun.items() if f"`{beginning}" not in scripts] == []
