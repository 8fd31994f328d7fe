"""xlwings without what it drags in: every click starts a fresh interpreter, and pandas alone costs half a second.

xlwings imports numpy, pandas, polars, matplotlib and plotly where they are installed, to convert data frames and
pictures, and does without them where they are not. While it loads we let it believe they are not there. Of the standard
library it imports modules that a click does not use: those load when something is first asked of them.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

TYPE_CHECKING = False  # as in typing, without importing it
if TYPE_CHECKING:
    from typing import Any

HEAVY = frozenset(("numpy", "pandas", "polars", "matplotlib", "plotly"))

LICENSED = "xlwings.pro"
"""The part of xlwings that needs a licence key, and that buttons do not need: it brings in a cryptography library."""

SELDOM = frozenset(("inspect", "subprocess", "tempfile", "traceback", "uuid"))
"""For pictures, reports and mistakes."""


class _PutOff(ModuleType):
    """A module that is filled when it is first asked for something it does not have yet.

    `importlib.util.LazyLoader` fills it when it is imported a second time, which xlwings does.
    """

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # asked by the import itself
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec = PathFinder.find_spec(self.__name__)
        if spec is not None and spec.loader is not None:
            self.__spec__, self.__loader__, self.__file__ = spec, spec.loader, spec.origin
            spec.loader.exec_module(self)
        return getattr(self, name)


class _Later:
    """The loader of modules that are put off."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _PutOff(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""


class _Finder:
    """An import finder, first in line, that knows of no heavy package and puts off what is seldom used."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name.partition(".")[0] in HEAVY or name == LICENSED:
            raise ModuleNotFoundError(f"{name} is not imported while xlwings loads", name=name)
        return ModuleSpec(name, _Later()) if name in SELDOM else None  # type: ignore[arg-type]


@contextmanager
def light_imports() -> Iterator[None]:
    """Inside, nothing heavy is found; nothing that loads becomes garbage, so none is looked for either."""
    collects = gc.isenabled()
    gc.disable()
    sys.meta_path.insert(0, _Finder)
    try:
        yield
    finally:
        sys.meta_path.remove(_Finder)
        if collects:
            gc.enable()


def load_xlwings() -> Any:
    """The module xlwings; lean, unless it was imported before. Afterwards the heavy packages import as ever."""
    with light_imports():
        import xlwings
    return xlwings


def start_click() -> None:
    """Xlwings loaded lean, and RunPython's own first step made harmless.

    That step makes the workbook's folder a place to import from, and raises for a workbook that is only online. Nothing
    of ours lies there, and what else lies there must not get in front of ours: only the user's own setting counts.
    """
    load_xlwings().utils.prepare_sys_path = _with_own_places


def _with_own_places(settings: str) -> None:
    """Import from the places in the setting PYTHONPATH of xlwings, which comes after six others."""
    sys.path[0:0] = [place for place in os.path.expandvars(settings).split(";")[6:] if place]
