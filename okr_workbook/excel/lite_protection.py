"""Protected sheets in xlwings Lite, which knows none: opened and closed by Office.js itself, from the script.

The planner protects what Refresh writes, without a password, against slips of the hand. What a script writes reaches
Excel when it is flushed, so sheets are closed again after that.
"""

from __future__ import annotations

from typing import Any

from okr_workbook.errors import OkrError

_ALLOWED = ("allowFormatColumns", "allowFormatRows", "allowSort", "allowAutoFilter")
"""What the planner's protected sheets still let people do."""


async def open_sheets() -> list[str]:
    """The names of the sheets that were protected and are open now.

    OkrError, and all as before, where one has a password. None outside of Excel.
    """
    names: list[str] = []
    excel = _excel()
    if excel is None:
        return names
    from pyodide.ffi import JsException

    for name in await _protected(excel):
        try:
            await _each(excel, [name], lambda protection: protection.unprotect())
        except JsException as error:  # a password
            await close_sheets(names)
            raise OkrError("protected_sheet", sheet=name) from error
        names.append(name)
    return names


async def close_sheets(names: list[str]) -> None:
    """Protect these sheets as the planner does."""
    excel = _excel()
    if excel is None or not names:
        return
    import js
    from pyodide.ffi import to_js

    options = to_js(dict.fromkeys(_ALLOWED, True), dict_converter=js.Object.fromEntries)
    await _each(excel, names, lambda protection: protection.protect(options))


def _excel() -> Any:
    """Office.js' door to Excel; None where there is none."""
    try:
        import js
    except ImportError:
        return None
    return getattr(js, "Excel", None)


async def _protected(excel: Any) -> list[str]:
    found: list[str] = []

    async def look(context: Any) -> None:
        sheets = context.workbook.worksheets
        sheets.load("items/name,items/protection/protected")
        await context.sync()
        found.extend(str(sheet.name) for sheet in sheets.items if sheet.protection.protected)

    await excel.run(look)
    return found


async def _each(excel: Any, names: list[str], act: Any) -> None:
    async def work(context: Any) -> None:
        for name in names:
            act(context.workbook.worksheets.getItem(name).protection)
        await context.sync()

    await excel.run(work)
