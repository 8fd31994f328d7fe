"""Where the templates and the worked example are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from os import path

from okr_workbook.tables.schema import INPUT_TABLES

_PACKAGE = path.dirname(path.dirname(__file__))
_FOLDERS = (path.join(_PACKAGE, "templates"), path.join(path.dirname(_PACKAGE), "templates"))


def template_folder() -> str:
    """The folder of the templates: the installed package's own, else the checkout's."""
    return next(folder for folder in _FOLDERS if path.isdir(folder))


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
