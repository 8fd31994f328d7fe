"""TOML files, parsed once and kept beside Python's own compiled modules, in `__pycache__`.

Every click starts a fresh interpreter, and parsing the words anew would be a tenth of it. As with a compiled module, a
copy counts only for the source's exact time and size, and where none can be written the source is parsed each time.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress

from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def parsed_toml(path: str) -> dict[str, Any]:
    """The content of a TOML file."""
    state = os.stat(path)
    of_source = (state.st_mtime_ns, state.st_size)
    copy = _copy_path(path)
    try:
        with open(copy, "rb") as file:
            known, content = marshal.load(file)  # noqa: S302  (our own, as trusted as the modules beside it)
        if known == of_source:
            return dict(content)
    except (OSError, EOFError, ValueError, TypeError):
        pass  # none, or a broken one: parsed anew below
    return _parse(path, of_source, copy)


def _copy_path(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(folder, "__pycache__", f"{name}.{sys.implementation.cache_tag}")


def _parse(path: str, of_source: tuple[int, int], copy: str) -> dict[str, Any]:
    import tomllib

    with open(path, "rb") as file:
        content = tomllib.load(file)
    if not sys.dont_write_bytecode:
        _keep(copy, marshal.dumps((of_source, content)))
    return content


def _keep(copy: str, content: bytes) -> None:
    """Write a copy so that no other process ever reads half of it; a read-only installation goes without."""
    temporary = f"{copy}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(content)
        os.replace(temporary, copy)
    except OSError:
        with suppress(OSError):
            os.remove(temporary)
