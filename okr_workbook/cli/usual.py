"""A command line written the usual way, read without argparse: to load that and set it up is a twentieth of a click.

Whatever is not plain (help, wrong use, an option cut short, a list of words) is left to argparse, which then reads the
whole line itself. Both read by the same declarations, those of the commands' `add_arguments`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace

from okr_workbook.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

_ACTIONS = ("store", "store_true")
_SHOWN = {"help", "metavar"}
"""What is told of an argument for the help alone."""


class _Argument(NamedTuple):
    name: str
    takes_value: bool
    convert: Callable[[str], Any]
    choices: Sequence[str]
    default: Any
    required: bool

    def value(self, given: Mapping[str, str]) -> Any:
        """What was given, or the default; raises where that is wrong."""
        if self.name in given:
            value = self.convert(given[self.name]) if self.takes_value else True
            if self.choices and value not in self.choices:
                raise ValueError(value)
            return value
        if self.required:
            raise LookupError(self.name)
        return self.default


class Usual:
    """Takes the declarations of a command as a parser does, and reads plain command lines by them."""

    def __init__(self) -> None:
        self._places: list[_Argument] = []
        self._options: dict[str, _Argument] = {}
        self._is_plain = True

    def add_argument(
        self,
        name: str,
        *more: object,
        action: str = "store",
        type: Callable[[str], Any] = str,  # noqa: A002
        choices: Sequence[str] = (),
        default: Any = None,
        required: bool = False,
        **told: object,
    ) -> None:
        """An argument as argparse takes it."""
        self._is_plain &= not more and action in _ACTIONS and told.keys() <= _SHOWN
        is_flag = action == "store_true"
        named = name.lstrip("-").replace("-", "_")
        argument = _Argument(named, not is_flag, type, choices, False if is_flag else default, required)
        if name.startswith("-"):
            self._options[name] = argument
        else:
            self._places.append(argument)

    def add_mutually_exclusive_group(self, **_how: object) -> Usual:
        """Which options go together is argparse's to say."""
        self._is_plain = False
        return self

    def read(self, words: Sequence[str]) -> SimpleNamespace | None:
        """What argparse would read; None where the words are not plain, or not right."""
        given = self._given(words) if self._is_plain else None
        if given is None:
            return None
        try:
            values = {one.name: one.value(given) for one in (*self._places, *self._options.values())}
        except Exception:  # noqa: BLE001  (whatever it is, argparse tells what is wrong)
            return None
        return SimpleNamespace(**values)

    def _given(self, words: Sequence[str]) -> dict[str, str] | None:
        """The text of each argument that is there, by name; None where one has no place."""
        given: dict[str, str] = {}
        places = iter(self._places)
        rest = iter(words)
        for word in rest:
            if word.startswith("-"):
                name, equals, text = word.partition("=")
                argument = self._options.get(name)
                if argument is not None and argument.takes_value and not equals:
                    text = next(rest, "-")
                if argument is None or (equals and not argument.takes_value) or text.startswith("-"):
                    return None
            else:
                argument, text = next(places, None), word
                if argument is None:
                    return None
            given[argument.name] = text
        return given if next(places, None) is None else None
