"""OKR and KPI planning in one Excel workbook.

The public Python API is what `okr_workbook.actions` and `okr_workbook.frames` offer; both are imported on demand,
because every click on Refresh starts a fresh interpreter.
"""

__version__ = "0.1.0"
