"""Functions offered to Excel through xlwings: over cells or ranges, each argument with its help for the function wizard."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings

from okr_workbook.excel.cell_arguments import Rows, spilled


def excel_function(function: Callable[..., Any], arguments: dict[str, str]) -> Callable[..., Any]:
    """Offer a function to Excel, each argument as rows of cells and with its help for the function wizard."""
    function.__annotations__ = {}  # xlwings would take them for converters
    offered: Callable[..., Any] = xlwings.func(function)
    for name, help_text in arguments.items():
        offered = xlwings.arg(name, doc=help_text, ndim=2, err_to_str=True)(offered)
    return offered


def cellwise(**arguments: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a function of single cells: in Excel its arguments may be ranges, and then its result spills.

    `arguments` say what each argument is.
    """

    def offered(function: Callable[..., Any]) -> Callable[..., Any]:
        def over_cells(*cells: Rows | None) -> Any:
            return spilled(function, cells)

        over_cells.__name__, over_cells.__doc__ = function.__name__, function.__doc__
        over_cells.__module__ = function.__module__
        over_cells.__signature__ = inspect.signature(function).replace(return_annotation=inspect.Signature.empty)  # type: ignore[attr-defined]
        return excel_function(over_cells, arguments)

    return offered
