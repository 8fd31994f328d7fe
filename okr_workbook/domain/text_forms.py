"""Text in one of Unicode's normal forms (UAX 15), however it was typed.

`unicodedata` is a megabyte to be loaded, and every click would wait for it: the letters and signs of the planner's own
languages are in form already, and go without.
"""

from __future__ import annotations

_ACCENTED = "àâäçéèêëîïíñóôöùûüúÿÀÂÄÇÉÈÊËÎÏÍÑÓÔÖÙÛÜÚŸ"
_LETTERS = "aaaceeeeiiinooouuuuyAAACEEEEIIINOOOUUUUY"
_SETTLED = frozenset(map(chr, range(128))).union(_ACCENTED, "æœÆŒß’‘“”«»–—•●◆■○✓→€£°×")
"""What all of the forms but NFD leave as it is, and nothing before or behind it changes."""

_UNACCENTED = str.maketrans(_ACCENTED, _LETTERS)


def composed(text: str) -> str:
    """The form NFC: letters and their accents in one."""
    return text if _SETTLED.issuperset(text) else _normalized("NFC", text)


def compatible(text: str) -> str:
    """The form NFKC: composed, and what only looks different (full-width letters, no-break spaces) made alike."""
    return text if _SETTLED.issuperset(text) else _normalized("NFKC", text)


def unaccented(text: str) -> str:
    """Text without its accents.

    >>> unaccented("Élargir l’équipe")
    'Elargir l’equipe'
    """
    if _SETTLED.issuperset(text):
        return text.translate(_UNACCENTED)
    import unicodedata

    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _normalized(form: str, text: str) -> str:
    import unicodedata

    return unicodedata.normalize(form, text)  # type: ignore[arg-type]
