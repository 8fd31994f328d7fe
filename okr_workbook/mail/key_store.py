"""The system's key store (Credential Manager, Keychain, Secret Service), where the optional package `keyring` is there.

Windows keeps at most 2,560 bytes an entry, less than a cache of tokens: longer texts are kept in numbered pieces.
"""

from __future__ import annotations

from itertools import count
from typing import Any

SERVICE = "okr_workbook"
_PIECE = 1000  # characters; Windows counts two bytes each


def read_entry(service: str, user: str) -> str | None:
    """What the key store holds for a user; None where it holds nothing, or where there is no key store."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found: str | None = keyring.get_password(service, user)
    except keyring.errors.KeyringError:
        return None
    return found


def read_long(service: str) -> str | None:
    """A text that was kept in pieces; None where there is none."""
    pieces: list[str] = []
    for number in count():
        piece = read_entry(service, f"{number}")
        if not piece:
            return "".join(pieces) or None
        pieces.append(piece)
    return None


def keep_long(service: str, text: str) -> bool:
    """Keep a text in pieces, in place of what was there. False where there is no key store to keep it."""
    keyring = _keyring()
    if keyring is None:
        return False
    pieces = [text[first : first + _PIECE] for first in range(0, len(text), _PIECE)]
    try:
        for number, piece in enumerate(pieces):
            keyring.set_password(service, f"{number}", piece)
        for number in count(len(pieces)):
            if keyring.get_password(service, f"{number}") is None:
                break
            keyring.delete_password(service, f"{number}")
    except keyring.errors.KeyringError:
        return False
    return True


def _keyring() -> Any:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    return keyring
