"""A person as texts speak of them: by name or by mail address, in whatever a program made of these."""

from __future__ import annotations

import re
from collections.abc import Iterable

from okr_workbook.domain.planner import key_of

_APART = "[ ._-]"
"""What stands between the words of a name: file names and accounts have a sign where people write a space."""


class Person:
    """A name and the mail addresses that belong to it, in lower case; the name may be an address."""

    def __init__(self, name: str, addresses: Iterable[str] = ()) -> None:
        self.name = name.strip()
        self.key = key_of(name)
        self.addresses = frozenset(one.casefold() for one in addresses)
        forms = [rf"(?<![\w.+-]){re.escape(one)}(?![\w-]|\.\w)" for one in sorted(self.addresses) if one]
        if self.key and "@" not in self.key:
            forms.append(rf"(?<![^\W_]){_APART.join(map(re.escape, self.key.split()))}(?![^\W_])")
        self._words = re.compile("|".join(forms) or "(?!)")

    def is_in(self, text: str) -> bool:
        """True where the name or an address stands in a text, as words of their own.

        >>> hugo = Person("Hugo Bernard", ["h.b@okr.test"])
        >>> [hugo.is_in(one) for one in ("Ask HUGO  BERNARD!", "RH_hugo.bernard.xlsx", "mailto:H.B@okr.test")]
        [True, True, True]
        >>> [hugo.is_in(one) for one in ("Hugo", "Hugo Bernardin", "x.h.b@okr.test", "h.b@okr.test.example")]
        [False, False, False, False]
        """
        return self._words.search(key_of(text)) is not None

    def is_all_of(self, text: str) -> bool:
        """True where a text is the name or an address, and nothing else."""
        return self._words.fullmatch(key_of(text)) is not None
