"""`python -m okr_workbook` is the command `okr`."""

from okr_workbook.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
