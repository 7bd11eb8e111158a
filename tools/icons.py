"""Makes `southbound/dashboard/icons/`: of the font that Streamlit draws icons with, what a page may show.

The whole font has 3,900 icons. It is Google's Material Symbols (Apache License 2.0). Run it after an icon was
added or Streamlit was changed: `python -m tools.icons`. It needs `pip install brotli fonttools`.
"""

import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "southbound" / "dashboard" / "icons"
STATIC = Path(str(files("streamlit"))) / "static" / "static"
_NAMED = re.compile(r"material/([a-z0-9_]+)")


def wanted() -> set[str]:
    """The icons that our pages name, and those that Streamlit's own scripts do."""
    return {name for file in _sources() for name in _NAMED.findall(file.read_text(encoding="utf-8"))}


def listed() -> set[str]:
    """Those that were looked for when the font was made."""
    return set((FOLDER / "icons.txt").read_text(encoding="utf-8").split())


def _sources() -> Iterator[Path]:
    yield from (ROOT / "southbound" / "dashboard").rglob("*.py")
    yield from (STATIC / "js").glob("*.js")


def main() -> int:
    """Write the font and the list."""
    from fontTools import subset  # type: ignore[import-untyped]  # noqa: PLC0415 - here alone

    [whole] = (STATIC / "media").glob("MaterialSymbols-Rounded.*.woff2")
    names = sorted(wanted())
    options = subset.Options(flavor="woff2", layout_closure=False, layout_features=["*"], notdef_outline=True)
    font = subset.load_font(str(whole), options)
    there = set(font.getGlyphOrder())
    subsetter = subset.Subsetter(options)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789_ "
    subsetter.populate(text=letters, glyphs=[name for name in names if name in there])
    subsetter.subset(font)
    FOLDER.mkdir(exist_ok=True)
    subset.save_font(font, str(FOLDER / "icons.woff2"), options)
    (FOLDER / "icons.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    print(f"{len(names)} icons, not in the font: {sorted(set(names) - there)}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
