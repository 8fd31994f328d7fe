"""`NamedTuple` as in `typing`, its classes made at an eighth of the cost.

Records are named tuples here, and a click on Refresh makes a hundred such classes in a fresh interpreter: with `typing`
that alone is a tenth of the click. A class statement reads the same, type checkers see `typing.NamedTuple` itself, and
its instances do what its instances do. Only the annotations are not looked at.
"""

from __future__ import annotations

from collections import namedtuple
from types import CodeType, FunctionType

TYPE_CHECKING = False  # as in typing, without importing it
if TYPE_CHECKING:
    from typing import Any, NamedTuple, Self

__all__ = ["NamedTuple"]

_field = type(vars(namedtuple("_Model", "field"))["field"])  # noqa: PYI024  (what named tuples find their fields by)
_new_tuple = tuple.__new__
# fmt: off
_READY = (
    lambda _cls: _new_tuple(_cls, ()),
    lambda _cls, a: _new_tuple(_cls, (a,)),
    lambda _cls, a, b: _new_tuple(_cls, (a, b)),
    lambda _cls, a, b, c: _new_tuple(_cls, (a, b, c)),
    lambda _cls, a, b, c, d: _new_tuple(_cls, (a, b, c, d)),
    lambda _cls, a, b, c, d, e: _new_tuple(_cls, (a, b, c, d, e)),
    lambda _cls, a, b, c, d, e, f: _new_tuple(_cls, (a, b, c, d, e, f)),
    lambda _cls, a, b, c, d, e, f, g: _new_tuple(_cls, (a, b, c, d, e, f, g)),
    lambda _cls, a, b, c, d, e, f, g, h: _new_tuple(_cls, (a, b, c, d, e, f, g, h)),
    lambda _cls, a, b, c, d, e, f, g, h, i: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc: _new_tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc)),
)
# fmt: on
"""`__new__` for records of up to 28 fields: to compile the first of the others takes as long as making fifty classes."""


def _code(count: int) -> CodeType:
    """The code of a `__new__` with so many fields, which are still to be given their names."""
    if count < len(_READY):
        return _READY[count].__code__
    fields = "".join(f"_{number}, " for number in range(count))
    whole = compile(f"lambda _cls, {fields}: _new_tuple(_cls, ({fields}))", "<record>", "eval")
    return next(one for one in whole.co_consts if isinstance(one, CodeType))


def _annotated(space: dict[str, Any]) -> dict[str, Any]:
    """What a class statement annotates, in its order. From Python 3.14 on, a function tells it when asked for values."""
    if "__annotations__" in space:
        return dict(space["__annotations__"])
    tell = space.get("__annotate_func__")
    return dict(tell(1)) if tell else {}


class _Record(tuple):  # type: ignore[type-arg]
    """What all named tuples can do."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{field}={value!r}' for field, value in self._asdict().items())})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def _replace(self, /, **changes: Any) -> Self:
        """The same with some fields changed."""
        new = _new_tuple(type(self), map(changes.pop, self._fields, self))
        if changes:
            message = f"Got unexpected field names: {list(changes)!r}"
            raise ValueError(message)
        return new

    def _asdict(self) -> dict[str, Any]:
        """The fields by name."""
        return dict(zip(self._fields, self, strict=True))


class _Maker(type):
    """Makes of a class statement a tuple with named fields."""

    def __new__(cls, name: str, _bases: tuple[type, ...], space: dict[str, Any]) -> type:
        fields = tuple(_annotated(space))
        defaults = {field: space.pop(field) for field in fields if field in space}
        if tuple(defaults) != fields[len(fields) - len(defaults) :]:
            message = f"{name}: a field without a default follows one with a default"
            raise TypeError(message)
        code = _code(len(fields)).replace(
            co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{name}.__new__"
        )
        new = FunctionType(code, {"_new_tuple": _new_tuple}, "__new__", tuple(defaults.values()))
        getters = {field: _field(place, "") for place, field in enumerate(fields)}
        common = {"__new__": new, "__slots__": (), "__match_args__": fields, "_fields": fields}
        return type(name, (_Record,), {**space, **getters, **common, "_field_defaults": defaults})


if not TYPE_CHECKING:
    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {"__doc__": "The base of records: class statements only."})
