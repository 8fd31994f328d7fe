"""`okr kpis`: the library of ready-made KPIs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from okr_workbook.actions.kpis import add_kpis, added_lines
from okr_workbook.books.file_book import FileBook
from okr_workbook.cli.console import DONE, SEEN_TO, Console
from okr_workbook.errors import UsageError
from okr_workbook.tables.kpi_library_rows import ShownKpi, category_in_words, show_library


def add_arguments(parser: ArgumentParser, text: Callable[[str], str]) -> None:
    """What the command takes."""
    parser.add_argument("search", nargs="*", metavar="WORD", help=text("search"))
    parser.add_argument("--add", metavar="ID", action="append", default=[], help=text("add"))
    parser.add_argument("--to", metavar="FILE", help=text("to"))


def run(options: Namespace, console: Console) -> int:
    """Do it; the exit status."""
    if options.add:
        if not options.to:
            raise UsageError("kpis_to_what")
        return _add(options.add, options.to, console)
    found = show_library(console.labels, options.search)
    category = ""
    for one in found:
        if one.category != category:
            category = one.category
            console.line(f"\n{category_in_words(category, console.labels)}")
        _say(one, console, whole=bool(options.search))
    if not found:
        console.say("kpis.none_found", words=" ".join(options.search))
    console.result({"kpis": [{**one._asdict(), "measures": [list(m) for m in one.measures]} for one in found]})
    return DONE if found else SEEN_TO


def _say(one: ShownKpi, console: Console, *, whole: bool) -> None:
    unit = f" ({one.unit})" if one.unit else ""
    console.line(f"  {one.id:<26} {one.name}{unit}")
    if whole:
        console.line(f"      {one.meaning}")
        console.line(f"      = {one.formula}")
        for name, label in one.measures:
            console.line(f"        {console.labels.pair(name, label)}")
        console.line(f"      {one.action}")
        console.line(f"      {one.source}")


def _add(ids: list[str], path: str, console: Console) -> int:
    book = FileBook(path)
    added, language = add_kpis(book, ids)
    console.book_language = language
    console.notices(book.notices, path)
    for line in added_lines(added, console.labels):
        console.line(line)
    console.result(
        {
            "added": [row.id for row in added.kpis],
            "measures": [row.measure for row in added.measures],
            "known": list(added.known),
        }
    )
    return DONE
