"""The switches over HTTP, for programs that run the site as a process of its own.

`GET /replay/state` tells how things stand. `POST /replay/control` takes one of
`{"fault": "503", "times": 2}` (without `times`: every answer), `{"clear": true}` or `{"clear": "503"}`,
`{"move_on": true}`, `{"today": "2026-02-28"}`, `{"hold_back": true}` and `{"latency": 0.5}`, and answers with
the new state, or with 400 and `{"error": …}` if it understands none of it. With `"of": "quotations"` (or
`turnover`, `short_positions`) a fault is one of those files, and `clear` is theirs alone; what else can be
switched of the files is a command by its name in `OfficialSite`: `{"evening": true}`.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from json import JSONDecodeError
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from replay.faults import F, Fault
from replay.file_faults import FileFault, Source

if TYPE_CHECKING:
    from replay.site import ReplaySite

Fields = Mapping[str, object]


def control_routes(site: "ReplaySite") -> list[Route]:
    """The two routes; requests to them are not in the site's journal."""

    async def show(_: Request) -> JSONResponse:
        return JSONResponse(state(site))

    async def control(request: Request) -> JSONResponse:
        try:
            await run_in_threadpool(command, site, await request.json())
        except (JSONDecodeError, UnicodeDecodeError):
            return JSONResponse({"error": f"body: want JSON, {_WANTED}"}, status_code=400)
        except (ValueError, LookupError) as refusal:
            return JSONResponse({"error": str(refusal)}, status_code=400)
        return JSONResponse(state(site))

    return [Route("/replay/state", show), Route("/replay/control", control, methods=["POST"])]


def state(site: "ReplaySite") -> dict[str, object]:
    """How things stand: dates as YYYY-MM-DD, faults with the answers left to spoil, the gap in seconds."""
    published = site.published()
    return {
        "today": site.today.isoformat(),
        "newest": published[-1].isoformat() if published else None,
        "hold_back": site.hold_back,
        "latency": site.latency,
        "generation": site.generation,
        "faults": dict(site.switches.on),
        "requests": len(site.requests),
        "at_once": site.journal.at_once,
        "most_at_once": site.most_at_once,
        "smallest_gap": site.smallest_gap,
        "files": _state_of_files(site),
    }


def _state_of_files(site: "ReplaySite") -> dict[str, object]:
    switches: dict[str, object] = {name: getattr(site.official, name) for name in _OF_FILES}
    return switches | {str(source): _state_of(site, source) for source in Source}


def _state_of(site: "ReplaySite", source: Source) -> dict[str, object]:
    out = site.official.out(source)
    return {
        "newest": out[-1].isoformat() if out else None,
        "faults": dict(site.official.switches[source].on),
        "requests": sum(request.source is source for request in site.official.requests),
    }


def command(site: "ReplaySite", payload: object) -> None:
    """Do what a decoded body asks for.

    Raises:
        ValueError: it is none of the known commands, or its value is not what that takes.
        LookupError: there is no session to move on to.
    """
    fields = payload if isinstance(payload, dict) else {}
    named = [name for name in fields if name in _COMMANDS]
    if len(named) != 1:
        raise ValueError(f"body: got {payload!r}, want {_WANTED}")
    (name,) = named
    unknown = sorted(fields.keys() - {name} - _BESIDE.get(name, set()))
    if unknown:
        raise ValueError(f"body: got {', '.join(unknown)} beside {name}, want no more than that")
    _COMMANDS[name](site, fields)


def _fault(site: "ReplaySite", fields: Fields) -> None:
    times = fields.get("times")
    if times is not None and (not isinstance(times, int) or isinstance(times, bool)):
        raise ValueError(f"times: got {times!r}, want a whole number of answers, or none for every answer")
    if "of" in fields:
        fault = _named(fields["fault"], "fault", FileFault)
        site.official.switch_on(_named(fields["of"], "of", Source), fault, times)
    else:
        site.switch_on(_named(fields["fault"], "fault", Fault), times)


def _clear(site: "ReplaySite", fields: Fields) -> None:
    every = fields["clear"] is True
    if "of" in fields:
        fault = None if every else _named(fields["clear"], "clear", FileFault)
        site.official.clear(_named(fields["of"], "of", Source), fault)
    else:
        site.clear(None if every else _named(fields["clear"], "clear", Fault))


def _move_on(site: "ReplaySite", fields: Fields) -> None:
    if fields["move_on"] is not True:
        raise ValueError(f"move_on: got {fields['move_on']!r}, want true")
    site.move_on()


def _today(site: "ReplaySite", fields: Fields) -> None:
    try:
        today = date.fromisoformat(str(fields["today"]))
    except ValueError:
        raise ValueError(f"today: got {fields['today']!r}, want YYYY-MM-DD") from None
    site.today = today


def _hold_back(site: "ReplaySite", fields: Fields) -> None:
    hold_back = fields["hold_back"]
    if hold_back not in (True, False):
        raise ValueError(f"hold_back: got {hold_back!r}, want true or false")
    site.hold_back = bool(hold_back)


def _latency(site: "ReplaySite", fields: Fields) -> None:
    latency = fields["latency"]
    if isinstance(latency, bool) or not isinstance(latency, int | float) or not 0 <= latency < math.inf:
        raise ValueError(f"latency: got {latency!r}, want seconds, 0 or more")
    site.latency = latency


def _switch(name: str, site: "ReplaySite", fields: Fields) -> None:
    if not isinstance(fields[name], bool):
        raise ValueError(f"{name}: got {fields[name]!r}, want true or false")  # noqa: TRY004 - of the body, not of a call
    setattr(site.official, name, fields[name])


def _named(value: object, field: str, kind: type[F]) -> F:
    for each in kind:
        if each == value:
            return each
    raise ValueError(f"{field}: got {value!r}, want one of {', '.join(kind)}")


_OF_FILES = ("evening", "holiday_page", "shut_file", "page_for_none", "mangled")
_BESIDE = {"fault": {"times", "of"}, "clear": {"of"}}

_COMMANDS: Mapping[str, Callable[["ReplaySite", Fields], None]] = {
    "fault": _fault,
    "clear": _clear,
    "move_on": _move_on,
    "today": _today,
    "hold_back": _hold_back,
    "latency": _latency,
    **{name: partial(_switch, name) for name in _OF_FILES},
}
_WANTED = f"an object with one of {', '.join(_COMMANDS)}"
