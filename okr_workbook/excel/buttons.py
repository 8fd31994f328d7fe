"""What the buttons call: one function a button, each a click from beginning to end.

RunPython starts a fresh interpreter for each click, so nothing heavy is imported here and the rest only when needed.
No traceback reaches the user: what can be acted on is said in a message box, anything else goes to a log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from okr_workbook.errors import OkrError
from okr_workbook.excel.click import Click


def refresh() -> None:
    """Compute and write everything Refresh writes, then say how things stand."""
    press(_refresh)


def check() -> None:
    """Say what is missing or wrong; write nothing."""
    press(_check)


def undo() -> None:
    """Put back what the last button changed in this workbook."""
    press(_undo)


def press(action: Callable[[Click], None]) -> None:
    """Run one button's action on the workbook the click came from, and tell the user what stopped it, if anything."""
    from okr_workbook.excel.lean_xlwings import load_xlwings

    run(action, Click(load_xlwings().Book.caller()))


def run(action: Callable[[Click], None], click: Click) -> None:
    """The action, with every failure as a message."""
    try:
        action(click)
    except OkrError as error:
        click.refuse(error)
    except Exception as error:  # noqa: BLE001  (the last door before the user)
        from okr_workbook.excel.host_errors import as_okr_error

        click.refuse(as_okr_error(error) or _logged(error))


def _refresh(click: Click) -> None:
    from okr_workbook.actions.refresh import refresh_book
    from okr_workbook.actions.summary import summary_lines

    with click.working("refresh"):
        report = refresh_book(click.live, today=_today())
    click.language = report.language
    kept = [click.labels.text("messages", "kept_formula", cell=cell) for cell in report.kept]
    click.tell([*summary_lines(report, click.labels), *kept], alarm=report.has_errors)


def _check(click: Click) -> None:
    from okr_workbook.actions.refresh import check_book
    from okr_workbook.actions.summary import problem_lines

    with click.working("check"):
        report = check_book(click.live, today=_today())
    click.language = report.language
    click.tell(list(problem_lines(report.problems, click.labels)), alarm=report.has_errors)


def _undo(click: Click) -> None:
    with click.working("undo"):
        undone = click.live.undo()
    if undone is None:
        raise OkrError("nothing_to_undo", file=click.live.name)
    labels = click.labels
    done = labels.text("messages", "undo.done", command=undone.command, file=click.live.name, restored=undone.restored)
    click.tell([done, *(labels.text("messages", "undo.kept", cell=cell) for cell in undone.kept)])


def _today() -> date:
    """Today, by the clock of this machine."""
    return date.today()  # noqa: DTZ011  (a plan's days are the user's own)


def _logged(error: Exception) -> OkrError:
    """Our own mistake: its traceback goes to a file, and the user hears where it is."""
    import sys
    import tempfile
    import traceback

    from okr_workbook import __version__

    with tempfile.NamedTemporaryFile("w", prefix="okr-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"okr_workbook {__version__}, Python {sys.version}\n")
        traceback.print_exception(error, file=log)
    return OkrError("unexpected", reason=f"{type(error).__name__}: {error}", log=log.name)
