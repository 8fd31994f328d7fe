"""HTML as values: whatever is not markup already is escaped, so that no text of a planner becomes any."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

_VOID = frozenset(("meta", "br"))
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | None | Iterable["Child"]


def element(name: str, /, *children: Child, **attributes: str | float | None) -> Markup:
    """One element. Attributes that are None are left out; `class_` is class, `aria_label` is aria-label.

    >>> element("p", "1 < 2", class_="note", title=None)
    '<p class="note">1 &lt; 2</p>'
    """
    written = "".join(
        f' {_attribute(key)}="{text(str(value))}"' for key, value in attributes.items() if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Children one after the other; None is nothing."""
    return Markup("".join(_pieces(children)))


def text(plain: str) -> Markup:
    """Text as markup, in content as in attributes; characters that HTML has no place for are dropped.

    >>> text('"<script>"')
    '&quot;&lt;script&gt;&quot;'
    """
    return Markup(escape(_NOT_IN_HTML.sub("", plain), quote=True))


def _pieces(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, str):
            yield child if isinstance(child, Markup) else text(child)
        elif child is not None:
            yield from _pieces(child)


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
