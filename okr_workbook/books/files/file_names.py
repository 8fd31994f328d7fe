"""File names from names people gave: legal on Windows, macOS and Linux, unique in their folder, never out of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 80
"""Characters of a name before its ending; a path of Windows has room for 259 in all."""

_FORBIDDEN = frozenset('<>:"/\\|?*=%')  # = and | break xlwings' command line; % is a variable to cmd.exe
_BRACKETS = str.maketrans("[]", "()")  # Excel opens a file with brackets in its name and does not save it
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")]
)


def file_name(name: str, ending: str) -> str:
    """A legal file name that still reads like `name`. Never blank, hidden, a device or a way out of the folder.

    >>> file_name("Sales & R/D", ".xlsx"), file_name("../x", ".xlsx"), file_name("CON", ".xlsx"), file_name("…", "")
    ('Sales & R D.xlsx', 'x.xlsx', 'CON_.xlsx', '…')
    """
    text = unicodedata.normalize("NFC", name).translate(_BRACKETS)
    text = "".join(" " if _is_trouble(char) else char for char in text)
    text = " ".join(text.split()).strip("~.$ ")
    text = _shortened(text).rstrip(". ") or "_"
    if text.split(".")[0].strip().casefold() in _DEVICES:
        head, dot, tail = text.partition(".")
        text = f"{head.rstrip()}_{dot}{tail}"
    return text + ending


def _is_trouble(char: str) -> bool:
    """True for what a file system refuses or an eye cannot see."""
    return char in _FORBIDDEN or is_unseen(char)


def is_unseen(char: str) -> bool:
    """True for controls, direction marks, lone surrogates; not for the joiner that emoji are made with."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and char != "\u200d"


def _shortened(text: str) -> str:
    """At most LONGEST characters and 200 bytes (file systems of Linux count bytes), cut between characters."""
    text = text[:LONGEST]
    while len(text.encode()) > 200:
        text = text[:-1]
    while text and (unicodedata.combining(text[-1]) or text[-1] in "\u200d\ufe0f"):
        text = text[:-1]
    return text


def unique_file_names(names: Iterable[str], ending: str) -> list[str]:
    """A file name for each name, in order; what would be one file on any system (case, accents' encoding) is numbered.

    >>> unique_file_names(["Sales", "SALES", "sales 2"], ".xlsx")
    ['Sales.xlsx', 'SALES 2.xlsx', 'sales 2 2.xlsx']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        chosen = next(one for one in _attempts(name, ending) if _folded(one) not in taken)
        taken.add(_folded(chosen))
        found.append(chosen)
    return found


def _attempts(name: str, ending: str) -> Iterator[str]:
    plain = file_name(name, "")
    yield plain + ending
    number = 2
    while True:
        yield f"{plain} {number}{ending}"
        number += 1


def _folded(name: str) -> str:
    """What a file system may take for the same name."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
