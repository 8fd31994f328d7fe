"""How high a row is whose texts wrap: by an estimate, since only the program that shows it knows its fonts."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from string import ascii_uppercase

LINE = 13
"""Points that a line of Calibri 10 takes."""

_TIGHT = 12.75  # points that it needs at least
_HIGHEST = 409  # points of a row, Excel's limit
_EDGES, _SLACK = 14, 1.04  # pixels beside a cell's text; by how much a screen may show it wider than print does

_USUAL, _WIDE = 6.8, 13.4  # pixels of a character of Calibri 10 bold; of one from `_WIDE_FROM` on
_WIDE_FROM = "\u2e80"
_PIXELS = {
    **dict.fromkeys(ascii_uppercase, 8.0),
    **dict.fromkeys("\u00a0\u202f ijl.,;:'’|", 3.5),
    **dict.fromkeys('ftr()[]!-/"IJ', 4.6),
    **dict.fromkeys("cksvxyzLST", 6.1),
    **dict.fromkeys("mwMW%&@—œ", 11.0),
}


def room(pixels: float) -> float:
    """How many pixels of text go into a line of a column so wide."""
    return (pixels - _EDGES) / _SLACK


def lines(text: str | None, of: float) -> int:
    """About how many lines of so many pixels a text takes. A short one is taken for one line, whatever is in it."""
    if not text or (len(text) * _USUAL <= of and "\n" not in text and (text.isascii() or max(text) < _WIDE_FROM)):
        return 1
    return _wrapped(text, of)


def height(usual: float, count: int) -> float:
    """The height in points that so many lines need; 0 where the usual one will do."""
    return 0 if count * _TIGHT <= usual else min(count * LINE + 3, _HIGHEST)


def width(word: str) -> float:
    """About how many pixels a word in bold takes."""
    return sum([_PIXELS.get(one, _USUAL) if one < _WIDE_FROM else _WIDE for one in word])


@lru_cache(maxsize=4_096)
def _wrapped(text: str, of: float) -> int:
    count, space = 0, _PIXELS[" "]
    for paragraph in text.split("\n"):
        count, used = count + 1, 0.0
        for word in paragraph.split(" "):
            size = width(word)
            if used and used + space + size > of:
                count, used = count + 1, 0.0
            broken = max(ceil(size / of) - 1, 0)  # a word longer than a line
            count, used = count + broken, used + size - broken * of + (space if used else 0)
    return count
