"""Keeps pandas away from a process that uses pyarrow for files alone."""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any


class _NoPandas(MetaPathFinder):
    """Finds that there is none."""

    def find_spec(self, fullname: str, _path: Any, _target: Any = None) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)
        return None


def without_pandas() -> None:
    """Let pyarrow find no pandas in this process, unless that is there already: 25 MB and half a second.

    It looks for it when it makes its first array, to know its types if it should meet them, and never again.
    To be called while there is one thread. Whoever imports pandas afterwards has it.
    """
    if "pandas" in sys.modules:
        return
    import pyarrow as pa  # noqa: PLC0415 - it must not have looked yet

    away = _NoPandas()
    sys.meta_path.insert(0, away)
    try:
        pa.array([None])
    finally:
        sys.meta_path.remove(away)
