"""Records behave as `typing.NamedTuple` has them behave."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import okr_workbook
from okr_workbook.records import NamedTuple


class Ours(NamedTuple):
    """A record."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()

    @property
    def twice(self) -> int:
        """Twice a."""
        return self.a * 2

    def with_a(self, a: int) -> Ours:
        """The same with another a."""
        return self._replace(a=a)


class Theirs(typing.NamedTuple):
    """A record."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()


class Nothing(NamedTuple):
    """A record without fields."""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((1,), {}), ((1, "y"), {}), ((1,), {"c": (2,)}), ((), {"c": (3,), "a": 1, "b": "z"}), ((1, "y", (4,)), {})],
)
def test_made_as_theirs(arguments, named):
    ours, theirs = Ours(*arguments, **named), Theirs(*arguments, **named)
    assert ours == theirs
    assert hash(ours) == hash(theirs)
    assert ours._asdict() == theirs._asdict()
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert (ours.a, ours.b, ours.c) == (theirs.a, theirs.b, theirs.c) == tuple(ours)


@pytest.mark.parametrize(
    ("arguments", "named"), [((), {}), ((), {"b": "y"}), ((1,), {"a": 2}), ((1,), {"d": 3}), ((1, 2, 3, 4), {})]
)
def test_wrong_arguments_are_refused_in_the_same_words(arguments, named):
    with pytest.raises(TypeError) as theirs:
        Theirs(*arguments, **named)
    with pytest.raises(TypeError) as ours:
        Ours(*arguments, **named)
    assert str(ours.value) == str(theirs.value).replace("Theirs", "Ours")


def test_the_class_is_as_theirs():
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert Ours.__match_args__ == Theirs.__match_args__
    assert (Ours.__name__, Ours.__doc__, Ours.__module__) == ("Ours", "A record.", __name__)
    assert Ours.__slots__ == ()
    assert not hasattr(Ours(1), "__dict__")


def test_replacing_fields():
    assert Ours(1)._replace(b="y", a=2) == Ours(2, "y")
    assert Ours(1).with_a(5).twice == 10
    assert type(Ours(1)._replace(a=2)) is Ours
    with pytest.raises(ValueError, match=r"unexpected field names: \['d'\]"):
        Ours(1)._replace(d=2)


def test_a_record_cannot_be_changed():
    with pytest.raises(AttributeError):
        Ours(1).a = 2
    with pytest.raises(AttributeError):
        Ours(1).d = 2


@pytest.mark.parametrize("record", [Ours(1), Ours(2, "y", (3,)), Nothing()])
def test_copies_and_pickles(record):
    for one in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert one == record
        assert type(one) is type(record)


def test_patterns_match():
    match Ours(1, "y"):
        case Ours(a, "y"):
            assert a == 1
        case _:
            pytest.fail("no match")


def test_a_field_without_default_behind_one_with_is_refused():
    with pytest.raises(TypeError, match="without a default follows"):

        class Wrong(NamedTuple):
            a: int = 1
            b: int


@pytest.mark.parametrize("count", range(30))
def test_any_number_of_fields(count):
    fields = [f"field_{number}" for number in range(count)]
    record = type(NamedTuple)("Many", (), {"__annotations__": dict.fromkeys(fields, int)})
    named = {field: number for number, field in enumerate(fields)}
    assert record(*range(count)) == record(**named) == tuple(range(count))
    assert record(**named)._asdict() == named
    assert [getattr(record(**named), field) for field in fields] == list(range(count))
    with pytest.raises(TypeError):
        record(*range(count + 1))


def test_it_does_not_import_typing():
    root = Path(okr_workbook.__file__).parents[1]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); import okr_workbook.records; print('typing' in sys.modules)"
    run = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
