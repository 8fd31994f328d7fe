"""What was worked out of a planner last, kept while the same planner is asked for again: one refresh asks several times."""

from __future__ import annotations

from collections.abc import Callable

from okr_workbook.domain.planner import Planner
from okr_workbook.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TypeVar

    Result = TypeVar("Result")


def kept_for_last_planner(work: Callable[[Planner], Result]) -> Callable[[Planner], Result]:
    """A function of a planner that answers at once for the very planner it was asked for last.

    Planners are never changed, so the same object has the same answer; only the last one is held on to.
    """
    last: list[Any] = [None, None]

    def answer(planner: Planner) -> Result:
        if last[0] is not planner:
            last[:] = planner, work(planner)
        result: Result = last[1]
        return result

    answer.__doc__ = work.__doc__
    return answer
