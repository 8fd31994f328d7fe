"""Names that have to fit a place: cut between words with an ellipsis; those that would then read alike keep their end, too."""

from __future__ import annotations

from collections.abc import Sequence


def shortened(text: str, length: int) -> str:
    """A text of at most so many characters, cut between words.

    >>> shortened("Recruit six designers", 14)
    'Recruit six…'
    """
    if len(text) <= length:
        return text
    words = text[:length].rsplit(" ", 1)[0][: max(length - 1, 0)]
    return words.rstrip(" \u00a0,;:–-") + "…"


def told_apart(names: Sequence[str], length: int) -> list[str]:
    """Each name in at most so many characters.

    >>> told_apart(["Rate of qualified leads in France", "Rate of qualified leads in Spain", "Revenue"], 24)
    ['Rate of… in France', 'Rate of… in Spain', 'Revenue']
    """
    return _told_apart(names, [length] * len(names))


def fitted(lines: Sequence[tuple[str, str]], length: int) -> list[str]:
    """Each name with what is said of it, in at most so many characters: the name is shortened, what is said is not."""
    names, said = zip(*lines, strict=True) if lines else ((), ())
    short = _told_apart(names, [length - len(one) for one in said])
    return [name + one for name, one in zip(short, said, strict=True)]


def _told_apart(names: Sequence[str], lengths: Sequence[int]) -> list[str]:
    short = []
    for name, length in zip(names, lengths, strict=True):
        one = shortened(name, length)
        head = one.removesuffix("…")
        alike = one != name and any(other != name and other.startswith(head) for other in names)
        short.append(_both_ends(name, length) if alike else one)
    return short


def _both_ends(text: str, length: int) -> str:
    """The head and the tail of a text; the head alone where there is no room for both."""
    tail = text[-(length // 2) :].partition(" ")[2]
    return f"{shortened(text, length - len(tail) - 1)} {tail}" if tail else shortened(text, length)
