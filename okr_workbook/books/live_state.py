"""The state of Excel around a piece of work: quiet while it lasts, restored whatever happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_QUIET = {"screen_updating": False, "enable_events": False, "calculation": "manual"}


@contextmanager
def quiet(app: Any) -> Iterator[None]:
    """No repainting, no events and no recalculation inside; all as before afterwards, also after an error.

    A switch the host does not have (xlwings Lite has none of them) is left out.
    """
    before = {name: value for name in _QUIET if (value := _get(app, name)) is not None}
    try:
        for name in before:
            setattr(app, name, _QUIET[name])
        yield
    finally:
        for name in reversed(before):
            setattr(app, name, before[name])


@contextmanager
def status(app: Any, text: str) -> Iterator[None]:
    """`text` in the status bar inside; what stood there afterwards."""
    before = _get(app, "status_bar")
    if before is None:
        yield
        return
    try:
        app.status_bar = text
        yield
    finally:
        app.status_bar = before


def _get(app: Any, name: str) -> Any:
    try:
        return getattr(app, name)
    except NotImplementedError:
        return None


def is_protected(sheet: Any) -> bool:
    """True for a protected sheet; False where the host cannot tell."""
    host = sheet.book.app.engine.name
    if host == "libreoffice":
        return bool(sheet.api.isProtected())
    if host != "excel":
        return False
    return bool(sheet.api.protect_contents.get() if sys.platform == "darwin" else sheet.api.ProtectContents)
