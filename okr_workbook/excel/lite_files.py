"""A file that a script of xlwings Lite has made, put where its user can take it. No part of Excel's own files is reached."""

from __future__ import annotations

import os
from typing import Any

from okr_workbook.errors import OkrError

EXPORTS = "/data"
"""What a script writes here stands in xlwings Lite's menu under Files, Import/Export, for download (lite.xlwings.org/files)."""

_TYPE = "application/octet-stream"


def offer(name: str, content: bytes, exports: str = EXPORTS) -> str:
    """Put the file into Lite's folder of exports, or among the browser's downloads where this Lite has no such folder.

    What was done comes back, as the end of its sentence's key: "exported" or "downloaded". OkrError where neither goes.
    """
    if os.path.isdir(exports):
        with open(os.path.join(exports, name), "wb") as file:
            file.write(content)
        return "exported"
    try:
        import js
    except ImportError:
        raise OkrError("no_download", file=name) from None
    if not hasattr(js, "document"):
        raise OkrError("no_download", file=name)
    _download(js, name, content)
    return "downloaded"


def _download(js: Any, name: str, content: bytes) -> None:
    """What a click on a link to the file does."""
    from pyodide.ffi import to_js

    blob = js.Blob.new(to_js([to_js(content)]), to_js({"type": _TYPE}, dict_converter=js.Object.fromEntries))
    link = js.document.createElement("a")
    link.href, link.download = js.URL.createObjectURL(blob), name
    link.click()
    js.URL.revokeObjectURL(link.href)
