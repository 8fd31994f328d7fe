"""OKR and KPI planning in one Excel workbook.

What a Python program may rely on are the names in `__all__`, explained with examples in docs/python.md, and
`okr_workbook.frames`. Each is imported when it is first asked for, because every click on Refresh starts a fresh
interpreter.
"""

__version__ = "0.1.0"

_HOMES = {
    "new_planner": "okr_workbook.actions.new",
    "FileBook": "okr_workbook.books.file_book",
    "MemoryBook": "okr_workbook.books.memory_book",
    "fill_book": "okr_workbook.actions.fill",
    "check_book": "okr_workbook.actions.refresh",
    "refresh_book": "okr_workbook.actions.refresh",
    "make_team_books": "okr_workbook.actions.teams",
    "send_books": "okr_workbook.actions.mail",
    "Drafts": "okr_workbook.mail.drafts",
    "collect": "okr_workbook.actions.collect",
    "resolve": "okr_workbook.actions.collect",
    "status": "okr_workbook.actions.status",
    "write_report": "okr_workbook.actions.report",
    "OkrError": "okr_workbook.errors",
}
"""The public names, each with the module it lives in."""

__all__ = [  # noqa: RUF022  (in the order of a planner's life)
    "__version__", "new_planner", "FileBook", "MemoryBook", "fill_book", "check_book", "refresh_book", "make_team_books",
    "send_books", "Drafts", "collect", "resolve", "status", "write_report", "OkrError",
]  # fmt: skip

TYPE_CHECKING = False  # as in typing, without importing it
if TYPE_CHECKING:
    from okr_workbook.actions.collect import collect, resolve
    from okr_workbook.actions.fill import fill_book
    from okr_workbook.actions.mail import send_books
    from okr_workbook.actions.new import new_planner
    from okr_workbook.actions.refresh import check_book, refresh_book
    from okr_workbook.actions.report import write_report
    from okr_workbook.actions.status import status
    from okr_workbook.actions.teams import make_team_books
    from okr_workbook.books.file_book import FileBook
    from okr_workbook.books.memory_book import MemoryBook
    from okr_workbook.errors import OkrError
    from okr_workbook.mail.drafts import Drafts


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(home), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
