"""What is put into the folder of imports: saved pages, and the lists that others keep, into the store.

Judged as by `southbound import`, but nobody is there who could say `--replace`: the page's own figures stay,
a saved page wins over the lists of others, and of two files of one kind the one that was written later does.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from southbound.common.errors import BadFile
from southbound.common.remark import listed, pattern, remark, remark_of, together
from southbound.config.settings import ScraperSettings
from southbound.frames.reading import PAGE, FileDay, Frames
from southbound.market.origin import SITE, Origin
from southbound.scraping.folder_reader import Told, read_or_told
from southbound.scraping.importing import Importer, Outcome, Taken, names_in
from southbound.scraping.watched_folder import SeenFile
from southbound.store.holdings_store import HoldingsStore

PAGES = {".htm", ".html"}

NEVER = datetime.min.replace(tzinfo=UTC)

WORDS = {
    Outcome.STORED: pattern("stored"),
    Outcome.REPLACED: pattern("replaced"),
    Outcome.SAME: pattern("as it is stored"),
    Outcome.DIFFERS: pattern("differs"),
    Outcome.REFUSED: pattern("refused"),
}

SHOWN = 3
"""Days that are told with their reason."""


class ImportFolder:
    """Takes files into the store. Every method raises StoreUnavailable, StoreRefused and NotTheWriter.

    Args:
        store: where the days go.
        settings: the thresholds of validation.
    """

    def __init__(self, store: HoldingsStore, settings: ScraperSettings) -> None:
        self._store = store
        self._importer = Importer(store, settings, replaces=supersedes)
        self._open: dict[str, SeenFile] = {}

    def take(self, files: Sequence[SeenFile]) -> Iterator[tuple[SeenFile, Told]]:
        """Each file, and what became of its days.

        A page is a day of its own. Lists are put together, with those before of which a day was refused: its
        stocks may stand in several files that come one after the other.
        """
        names = names_in(self._store)
        for file in files:
            if file.path.suffix.lower() in PAGES:
                yield from self._take([file], Frames(names))
        lists = [file for file in files if file.path.suffix.lower() not in PAGES]
        if lists:
            known = {file.name for file in lists}
            before = [file for name, file in self._open.items() if name not in known and file.is_still()]
            yield from self._take([*before, *lists], Frames(names))

    def _take(self, files: Sequence[SeenFile], frames: Frames) -> Iterator[tuple[SeenFile, Told]]:
        taken: dict[SeenFile, list[Taken]] = {}
        for file in files:
            self._open.pop(file.name, None)
            problem = read_or_told(file, lambda: _added(frames, file))  # noqa: B023 - it is called at once
            if isinstance(problem, Told):
                yield file, problem
            elif problem is None:
                return  # all that was put together is read once more
            else:
                taken[file] = []
        by_path = {file.path: file for file in taken}
        days = [_dated(each, by_path) for each in frames.days()]
        days.sort(key=lambda each: (each.day, each.origin.read_at or NEVER))
        for each, became in zip(days, self._importer.take(days), strict=True):
            for path in each.files:
                taken[by_path[path]].append(became)
        for file, outcomes in taken.items():
            if any(each.outcome is Outcome.REFUSED for each in outcomes):
                self._open[file.name] = file
            yield file, told(outcomes)


def supersedes(stored: Origin, given: Origin) -> bool:
    """Whether a day from a file replaces the stored one."""
    if stored.source == SITE:
        return False
    ranks = stored.source == PAGE, given.source == PAGE
    if ranks[0] != ranks[1]:
        return ranks[1]
    return (given.read_at or NEVER) > (stored.read_at or NEVER)


def told(outcomes: Sequence[Taken]) -> Told:
    """What became of the days of a file, in a sentence."""
    if not outcomes:
        return Told(remark("another file has the same days, and says that it was read later"))
    counts = Counter(each.outcome for each in outcomes)
    reasons = [
        remark("{day} {outcome}: {why}", day=each.day, outcome=remark(WORDS[each.outcome]), why=each.why)
        for each in outcomes
        if each.why
    ][:SHOWN]
    if len(outcomes) == 1:
        [only] = outcomes
        said = remark("{day}: {outcome}", day=only.day, outcome=remark(WORDS[only.outcome]))
        return Told(reasons[0] if reasons else said, _is_taken(counts))
    became = [
        remark("{outcome} {count}", outcome=remark(WORDS[outcome]), count=count)
        for outcome, count in sorted(counts.items())
    ]
    days = remark(
        "{count} days, {first} to {last}: {became}",
        count=len(outcomes),
        first=min(each.day for each in outcomes),
        last=max(each.day for each in outcomes),
        became=listed(became),
    )
    return Told(together([days, *reasons]), _is_taken(counts))


def _is_taken(counts: Counter[Outcome]) -> bool:
    return not (counts[Outcome.REFUSED] or counts[Outcome.DIFFERS])


def _added(frames: Frames, file: SeenFile) -> bool | Told:
    try:
        frames.add(file.path)
    except BadFile as error:
        return Told(remark_of(error), is_taken=False)
    return True


def _dated(each: FileDay, files: dict[Path, SeenFile]) -> FileDay:
    """A day whose file does not say when it was read: then the file was written."""
    if each.origin.read_at is not None:
        return each
    written = max(files[path].modified for path in each.files) // 1000 / 1_000_000
    return replace(each, origin=replace(each.origin, read_at=datetime.fromtimestamp(written, UTC)))
