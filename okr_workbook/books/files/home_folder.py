"""The folder of okr_workbook in a user's own home: what goes with the user and with no planner's file."""

import os

NAME = ".okr_workbook"
FOLDER = os.path.join(os.path.expanduser("~"), NAME)
