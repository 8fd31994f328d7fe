"""The defined names of a team's workbook, by which a returned one is read wherever its cells were moved."""

DATE_NAME = "okr_as_of"
"""The day that the typed values are of."""

AUTHOR_NAME = "okr_author"
"""Who fills the workbook in."""

MEMBERS_NAME = "okr_member_key_results"
"""The table of members' key results, headers included."""
