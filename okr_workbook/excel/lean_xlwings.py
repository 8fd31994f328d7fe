"""xlwings without what it drags in: every click starts a fresh interpreter, and pandas alone costs half a second.

xlwings imports numpy, pandas, polars, matplotlib and plotly where they are installed, to convert data frames and
pictures, and does without them where they are not. While it loads we let it believe they are not there.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HEAVY = frozenset(("numpy", "pandas", "polars", "matplotlib", "plotly"))

LICENSED = "xlwings.pro"
"""The part of xlwings that needs a licence key, and that buttons do not need: it brings in a cryptography library."""


class _Refusal:
    """An import finder, first in line, that knows of no heavy package."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name.partition(".")[0] in HEAVY or name == LICENSED:
            raise ModuleNotFoundError(f"{name} is not imported while xlwings loads", name=name)


@contextmanager
def _without_heavy_packages() -> Iterator[None]:
    """Nothing heavy is found inside; nothing that loads becomes garbage, so none is looked for either."""
    collects = gc.isenabled()
    gc.disable()
    sys.meta_path.insert(0, _Refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(_Refusal)
        if collects:
            gc.enable()


def load_xlwings() -> Any:
    """The module xlwings; lean, unless it was imported before. Afterwards the heavy packages import as ever."""
    with _without_heavy_packages():
        import xlwings
    return xlwings
