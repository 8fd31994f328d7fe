"""XML parts as text: checked well-formed before anything is searched in them, then searched and patched as text.

A part is first read whole by expat (which refuses what is not well-formed; here also any DTD), and only then searched by
regular expressions, so these need not fear broken markup. What expressions cannot see (comments, CDATA) is written out
plainly by `plain` where it may stand in the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pyexpat import ExpatError, ParserCreate, XMLParserType

from okr_workbook.errors import FileRefusedError
from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_ENCODING = rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']"""
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1"}
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(lt|gt|amp|quot|apos));"
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
"""The attributes of a tag, as part of a pattern."""


Settled = Callable[[Sequence[str], dict[str, str]], Mapping[str, str]]
"""Given an element's path from the root and its attributes, what these shall be."""


class XmlText(NamedTuple):
    """A well-formed part: its text, how it was encoded, and the prefix of its root element (`x:` or nothing)."""

    text: str
    encoding: str
    prefix: str

    def encoded(self) -> bytes:
        """The part as bytes again; unchanged text gives the same bytes."""
        return self.text.encode(self.encoding)


class Element(NamedTuple):
    """One element of a small part: its local name, its attributes by local name, and the text directly in it."""

    name: str
    attributes: Mapping[str, str]
    text: str


def checked(content: bytes, part: str) -> XmlText:
    """A part as text. FileRefusedError (`damaged_part`, `dtd_in_part`) where it is not well-formed or has a DTD."""
    parser = ParserCreate()
    root: list[str] = []

    def first(name: str, _attributes: dict[str, str]) -> None:
        root.append(name)
        parser.StartElementHandler = None

    parser.StartElementHandler = first
    _parse(parser, content, part)
    prefix, colon, _ = root[0].rpartition(":")
    encoding = _encoding(content, part)
    return XmlText(content.decode(encoding), encoding, prefix + colon)


@lru_cache(maxsize=256)
def elements(content: bytes, part: str) -> tuple[Element, ...]:
    """Every element of a small part in the order of their ends, namespaces dropped.

    Kept, since most small parts of a workbook that was written are those of the one that was read.
    """
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    found: list[Element] = []
    stack: list[tuple[str, dict[str, str], list[str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if " " in "".join(attributes):  # the few with a namespace of their own
            attributes = {_local(key): value for key, value in attributes.items()}
        stack.append((_local(name), attributes, []))

    def end(_name: str) -> None:
        name, attributes, texts = stack.pop()
        found.append(Element(name, attributes, "".join(texts)))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: stack[-1][2].append(text)  # noqa: PLW0108 the stack's top changes
    _parse(parser, content, part)
    return tuple(found)


def plain(content: bytes, part: str, settled: Settled | None = None) -> XmlText:
    """A part written out anew in UTF-8 without comments, CDATA and processing instructions; the same content.

    `settled` may put an element's attributes in another form.
    """
    parser = ParserCreate()
    parser.buffer_text = True
    pieces = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        written = settled(path, attributes) if settled else attributes
        pieces.append(
            "".join([f"<{name}", *(f' {key}="{escaped_attribute(one)}"' for key, one in written.items()), ">"])
        )

    def end(name: str) -> None:
        path.pop()
        pieces.append(f"</{name}>")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: pieces.append(escaped(text))
    _parse(parser, content, part)
    text = "".join(pieces)
    return XmlText(text, "utf-8", checked(text.encode(), part).prefix)


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes written in a tag."""
    return {name: unescaped(double or single) for name, double, single in _ATTRIBUTE.findall(tag)}


def with_attribute(tag: str, name: str, value: str) -> str:
    """A start tag (`<a b="1">` or `<a b="1"/>`) with one attribute set; the others stay as they are."""
    written = f'{name}="{escaped_attribute(value)}"'
    for match in _ATTRIBUTE.finditer(tag):
        if match[1] == name:
            return tag[: match.start()] + written + tag[match.end() :]
    end = len(tag) - (2 if tag.endswith("/>") else 1)
    return f"{tag[:end].rstrip()} {written}{tag[end:]}"


def unescaped(text: str) -> str:
    """Character data or an attribute's value as it reads: references resolved, line ends as XML has them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(_REFERENCE, _referred, text) if "&" in text else text


def escaped(text: str) -> str:
    """Text as character data."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def escaped_attribute(text: str) -> str:
    """Text as an attribute's value between double quotes."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _referred(match: re.Match[str]) -> str:
    decimal, hexadecimal, entity = match.groups()
    if entity:
        return _ENTITIES[entity]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _parse(parser: XMLParserType, content: bytes, part: str) -> None:
    def refuse(*_: Any) -> None:
        raise FileRefusedError("dtd_in_part", part=part)

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (ExpatError, UnicodeError, LookupError) as error:
        raise FileRefusedError("damaged_part", part=part) from error


def is_plainly_utf8(content: bytes) -> bool:
    """True for a part that says that it is UTF-8 the way spreadsheet programs do, or says nothing of it."""
    declaration = content[: content.find(b">")].lower() if content[:5] == b"<?xml" else b""
    return content[:1] == b"<" and (b"encoding" not in declaration or b'encoding="utf-8"' in declaration)


def _encoding(content: bytes, part: str) -> str:
    """The encoding of a part that expat has read; spreadsheet programs write UTF-8, the standard allows UTF-16 too."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16-le" if content[:1] == b"\xff" else "utf-16-be"
    if is_plainly_utf8(content):
        return "utf-8"
    declared = re.match(_ENCODING, content)
    found = _ENCODINGS.get(declared[1].decode("ascii").lower()) if declared else "utf-8"
    if found is None:
        raise FileRefusedError("damaged_part", part=part)
    return found
