"""Where the templates, the macros and the worked example are."""

from __future__ import annotations

from os import path

from okr_workbook.tables.schema import INPUT_TABLES

_PACKAGE = path.dirname(path.dirname(__file__))


def shipped_folder(name: str) -> str:
    """A folder that is inside the package where it is installed, and beside it in a checkout."""
    installed, checkout = (path.join(place, name) for place in (_PACKAGE, path.dirname(_PACKAGE)))
    return installed if path.isdir(installed) else checkout


def template_folder() -> str:
    """The folder of the templates."""
    return shipped_folder("templates")


def template_path(language: str, *, macros: bool = False) -> str:
    """The empty planner in one language, with or without macros."""
    return path.join(template_folder(), f"planner.{language}.{'xlsm' if macros else 'xlsx'}")


def example_tables(language: str) -> tuple[tuple[str, bytes], ...]:
    """The worked example in one language: each input table's id and its rows as CSV, in the order they are filled."""
    return tuple((table_id, _read(example_path(language, table_id))) for table_id in INPUT_TABLES)


def example_path(language: str, name: str) -> str:
    """One CSV file of the worked example; `key_results_before` holds the three key results it started from."""
    return path.join(_PACKAGE, "example", language, f"{name}.csv")


def _read(file: str) -> bytes:
    with open(file, "rb") as opened:
        return opened.read()
