"""Protected sheets in xlwings Lite, which knows none: opened and closed by Office.js itself, from the script.

The planner protects what Refresh writes, without a password, against slips of the hand. What a script writes reaches
Excel when it is flushed, so sheets are closed again after that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from okr_workbook.errors import OkrError

Opened = dict[str, Any]
"""What protected the sheets that are open now, by name: Office.js' options, as they were."""


async def open_sheets(names: Collection[str]) -> Opened:
    """Open those of these sheets that are protected.

    OkrError, and all as before, where one has a password. None outside of Excel.
    """
    opened: Opened = {}
    excel = _excel()
    if excel is None:
        return opened
    from pyodide.ffi import JsException

    for name, options in (await _protected(excel, names)).items():
        try:
            await _each(excel, [name], lambda _name, protection: protection.unprotect())
        except JsException as error:  # a password
            await close_sheets(opened)
            raise OkrError("protected_sheet", sheet=name) from error
        opened[name] = options
    return opened


async def close_sheets(opened: Opened) -> None:
    """Protect these sheets as they were."""
    excel = _excel()
    if excel is not None and opened:
        await _each(excel, opened, lambda name, protection: protection.protect(opened[name]))


def _excel() -> Any:
    """Office.js' door to Excel; None where there is none."""
    try:
        import js
    except ImportError:
        return None
    return getattr(js, "Excel", None)


async def _protected(excel: Any, names: Collection[str]) -> Opened:
    found: Opened = {}

    async def look(context: Any) -> None:
        sheets = context.workbook.worksheets
        sheets.load("items/name,items/protection/protected,items/protection/options")
        await context.sync()
        for sheet in sheets.items:
            if sheet.name in names and sheet.protection.protected:
                found[str(sheet.name)] = sheet.protection.options

    await excel.run(look)
    return found


async def _each(excel: Any, names: Collection[str], act: Callable[[str, Any], None]) -> None:
    async def work(context: Any) -> None:
        for name in names:
            act(name, context.workbook.worksheets.getItem(name).protection)
        await context.sync()

    await excel.run(work)
