"""What Excel says when it does not do a thing, as something the user can act on."""

from __future__ import annotations

from okr_workbook.errors import OkrError

_BUSY = frozenset((-2147418111, -2147417846, -2146777998))
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE: a cell is being edited, or a dialog is open."""

_REFUSED = frozenset((-2147352567, -2146827284))
"""DISP_E_EXCEPTION and Excel's own 0x800A03EC: Excel understood, and will not."""

_GONE = frozenset((-2147023174, -2147417848))
"""RPC_S_SERVER_UNAVAILABLE, RPC_E_DISCONNECTED: Excel was closed meanwhile."""

_APPLE_TIMEOUT = -1712


def as_okr_error(error: Exception) -> OkrError | None:
    """The error in the user's terms, or None where it is not Excel that speaks.

    Told by shape and not by class: pywin32 and appscript are there on Windows and macOS only.
    """
    code = getattr(error, "hresult", None)
    if code in _BUSY or is_apple_timeout(error):
        return OkrError("excel_busy")
    if code in _GONE:
        return OkrError("excel_gone")
    if code in _REFUSED or hasattr(error, "errornumber"):
        return OkrError("excel_refused", reason=_reason(error))
    return None


def is_apple_timeout(error: Exception) -> bool:
    """True where Excel for the Mac took longer to answer than Apple events wait, which is a minute."""
    return getattr(error, "errornumber", None) == _APPLE_TIMEOUT


def _reason(error: Exception) -> str:
    """Excel's own sentence, where it gave one."""
    information = getattr(error, "excepinfo", None)
    if information and information[2]:
        return str(information[2])
    return str(getattr(error, "errormessage", "") or error)
