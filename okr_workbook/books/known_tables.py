"""Which tables a workbook has: the version under its name `okr_schema`, beside the one this package knows."""

from collections.abc import Sequence

from okr_workbook.errors import FileRefusedError
from okr_workbook.tables.grid import Value
from okr_workbook.tables.schema import SCHEMA_VERSION

SCHEMA_NAME = "okr_schema"
"""The defined name that holds the version of a planner's tables: of a hidden cell, in old planners a number itself."""


def refuse_newer(block: Sequence[Sequence[Value]] | None) -> None:
    """FileRefusedError where the cells of `okr_schema` say that a newer package made the tables.

    Tables of an older version, and workbooks that do not say, are read as far as they are understood.
    """
    version = block[0][0] if block else None
    if isinstance(version, (int, float)) and version > SCHEMA_VERSION:
        raise FileRefusedError("newer_schema", version=int(version), known=SCHEMA_VERSION)
