"""The files of the exchange and the regulator fail, hang, or are not as they were: one source, or all."""

from collections.abc import Callable, Iterable
from random import Random

from replay.file_faults import FileFault, Source
from tools.soak.environment import Environment

Begin = Callable[[Environment, Random], Callable[[], None]]


def _fault(fault: FileFault) -> Begin:
    def begin(environment: Environment, random: Random) -> Callable[[], None]:
        sources = random.choice([*([source] for source in Source), list(Source)])
        return _switched_on(environment, fault, sources, random.choice([1, 2, 4, None]))

    return begin


def _switched_on(
    environment: Environment, fault: FileFault, sources: Iterable[Source], answers: int | None
) -> Callable[[], None]:
    official, chosen = environment.site.official, tuple(sources)
    for source in chosen:
        official.switch_on(source, fault, answers)

    def over() -> None:
        for source in chosen:
            official.clear(source, fault)

    return over


def hang_all(environment: Environment) -> Callable[[], None]:
    """No file of any source comes until what is returned is called."""
    return _switched_on(environment, FileFault.HANG, Source, None)


def _switch(name: str) -> Begin:
    """A lawful oddity of the files, which ends again."""

    def begin(environment: Environment, _random: Random) -> Callable[[], None]:
        official = environment.site.official
        usual = getattr(official, name)
        setattr(official, name, not usual)
        return lambda: setattr(official, name, usual)

    return begin


FAULTS: dict[str, Begin] = {
    **{f"files: {fault}": _fault(fault) for fault in FileFault},
    "files: a page where there are none": _switch("page_for_none"),
    "files: a spreadsheet has gone over them": _switch("mangled"),
}
