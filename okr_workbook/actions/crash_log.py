"""An error of our own making: what happened goes into a file to send us, and the user hears where it is."""

from __future__ import annotations

import sys
import tempfile
import traceback

from okr_workbook import __version__
from okr_workbook.errors import OkrError


def logged(error: Exception) -> OkrError:
    """The error `unexpected`, once the traceback is written down. Names that are no text (of files) are escaped in it."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="okr-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as log:
        log.write(f"okr_workbook {__version__}, Python {sys.version}\n")
        traceback.print_exception(error, file=log)
    return OkrError("unexpected", reason=f"{type(error).__name__}: {error}", log=log.name)
