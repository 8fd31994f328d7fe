"""The way to a running LibreOffice: its Python bridge, and the connection. Needs no xlwings."""

from __future__ import annotations

import os
import sys
from typing import Any

from okr_workbook.actions.setup_libreoffice import ADDRESS, UNO_FOLDERS
from okr_workbook.errors import OkrError

UNREACHED = ("no_uno", "libreoffice_not_listening")
"""The codes of what `connect` raises. No message box can be opened then: the macros have a sentence for each."""


def load_uno() -> Any:
    """LibreOffice's bridge module. OkrError where this Python has none.

    Linux distributions keep it with the system's own Python; it is looked for there last, so that nothing else of
    that Python gets in front of ours.
    """
    try:
        import uno
    except ImportError:
        sys.path += [path for path in UNO_FOLDERS if os.path.isdir(path) and path not in sys.path]
        try:
            import uno
        except ImportError:
            raise OkrError("no_uno", python=sys.executable) from None
    return uno


def connect(address: str = ADDRESS) -> Any:
    """The component context of the LibreOffice that listens at `address`. OkrError where none does."""
    uno = load_uno()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    from com.sun.star.connection import NoConnectException

    try:
        return resolver.resolve(f"uno:{address};urp;StarOffice.ComponentContext")
    except NoConnectException:
        raise OkrError("libreoffice_not_listening") from None


def property_value(name: str, value: object) -> Any:
    """One named argument as UNO takes them."""
    made = load_uno().createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made
