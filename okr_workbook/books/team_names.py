"""By what a returned workbook is read: its defined names, wherever their cells were moved, and the time it was made.

Imports nothing, for whoever reads books without writing any.
"""

MADE = "2000-01-01T00:00:00"
"""When every workbook says it was made and last saved: the same workbook has the same bytes on any day, and one that says
another time was saved by somebody since.
"""

STAMP_NAME = "okr_stamp"
"""The hidden sheet of the stamp, and the name of the range its lines stand in. Every team's workbook has it, no planner."""

DATE_NAME = "okr_as_of"
"""The day that the typed values are of."""

AUTHOR_NAME = "okr_author"
"""Who fills the workbook in."""

PRINTED_NAME = "okr_printed"
"""By what the workbook with a sheet a team, for printing, is known: it is ours, and nobody's to fill in or to be sent."""

MEMBERS_TABLE = "member_key_results"
"""The table of members' key results, which the planner keeps among all others."""


def area_name(table: str) -> str:
    """The name of a table's area, headers included: for programs that lose tables when they save, as Google Sheets does."""
    return f"okr_{table}"
