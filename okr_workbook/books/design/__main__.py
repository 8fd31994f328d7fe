"""`python -m okr_workbook.books.design`: rebuild the templates of a checkout, without and with macros."""

from __future__ import annotations

from pathlib import Path

from okr_workbook.books.design.build import planner_bytes
from okr_workbook.books.macros.template import with_macros
from okr_workbook.books.templates import template_path
from okr_workbook.labels import LANGUAGES


def main() -> None:
    """Write templates/planner.LANGUAGE.xlsx and .xlsm for every language."""
    for language in LANGUAGES:
        Path(template_path(language)).write_bytes(planner_bytes(language))
        with_buttons = with_macros(planner_bytes(language, buttons=True), language)
        Path(template_path(language, macros=True)).write_bytes(with_buttons)


if __name__ == "__main__":
    main()
