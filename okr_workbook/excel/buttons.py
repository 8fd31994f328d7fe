"""What the buttons call: one function a button, each a click from beginning to end.

RunPython starts a fresh interpreter for each click, so nothing heavy is imported here and the rest only when needed.
No traceback reaches the user: what can be acted on is said in a message box, anything else goes to a log.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable
from functools import partial
from types import ModuleType

from okr_workbook.errors import OkrError
from okr_workbook.excel.click import Click


def refresh() -> None:
    """Compute and write everything Refresh writes, then say how things stand."""
    from okr_workbook.excel import score_clicks

    press(score_clicks.refresh)


def check() -> None:
    """Say what is missing or wrong; write nothing."""
    from okr_workbook.excel import score_clicks

    press(score_clicks.check)


def undo() -> None:
    """Put back what the last button changed in this workbook."""
    from okr_workbook.excel import score_clicks

    press(score_clicks.undo)


def teams() -> None:
    """Save, and make a workbook for each team in a folder beside this one."""
    press(_team_clicks().teams)


def mail() -> None:
    """Save, and write a message to each team, with its workbook, as a draft in a folder beside this one."""
    press(_team_clicks().mail)


def collect() -> None:
    """Merge what the teams sent back, from a folder beside this workbook, and save."""
    press(_team_clicks().collect)


def _team_clicks() -> ModuleType:
    """The actions on team workbooks: they need openpyxl, which needs no numpy for that but imports it where it is."""
    from okr_workbook.excel.lean_xlwings import light_imports

    with light_imports():
        from okr_workbook.excel import team_clicks
    return team_clicks


def __getattr__(name: str) -> Callable[[], None]:
    """A button that is none of ours: the workbook's macros are of another version, which the user hears in a box."""
    if not name.isalpha():
        raise AttributeError(name)
    return lambda: press(partial(refuse_button, name))


def refuse_button(name: str, _click: Click) -> None:
    """OkrError: this version has no such button."""
    from okr_workbook import __version__

    raise OkrError("unknown_button", button=name, version=__version__)


def press(action: Callable[[Click], None]) -> None:
    """Run one button's action on the workbook the click came from."""
    gc.disable()  # the process ends with the click: nothing it collects is ever needed back,
    atexit.register(gc.freeze)  # and nothing is looked through when it ends
    from okr_workbook.excel.lean_xlwings import load_xlwings

    run(action, Click(load_xlwings().Book.caller()))


def run(action: Callable[[Click], None], click: Click) -> None:
    """The action; what stops it is said in a message box."""
    try:
        with click.alone():
            click.live.expect_known_tables()
            action(click)
    except OkrError as error:
        click.refuse(error)
    except Exception as error:  # noqa: BLE001  (the last door before the user)
        from okr_workbook.actions.crash_log import logged
        from okr_workbook.excel.host_errors import as_okr_error

        click.refuse(as_okr_error(error) or logged(error))
