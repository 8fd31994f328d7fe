"""What LibreOffice's buttons need, put in place: the note of the interpreter to start, and a pipe to listen on."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from okr_workbook.books.files import home_folder

PIPE = "okr_workbook"
"""The local pipe LibreOffice listens on once it has been told to. Only the same user's programs reach it."""

ADDRESS = f"pipe,name={PIPE}"

_OWN_PACKAGES = f"python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
UNO_FOLDERS = ("/usr/lib/python3/dist-packages", f"/usr/lib/{_OWN_PACKAGES}", f"/usr/lib64/{_OWN_PACKAGES}")
"""Where Linux distributions keep LibreOffice's Python bridge: with the system's own Python (Debian; Arch; Fedora)."""

_SETTINGS = "registrymodifications.xcu"
_EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
</oor:items>
"""
_LISTEN = (
    '<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupConnectionURL" oor:op="fuse">'
    "<value>{};urp</value></prop></item>"
)


def interpreter_note(home: Path | None = None) -> Path:
    """The file in which the macros look up which Python to start."""
    return (home or Path.home()) / home_folder.NAME / "interpreter.txt"


def note_interpreter(home: Path | None = None, interpreter: str = sys.executable, code_page: str = "utf-8") -> Path:
    """Write down this Python for the macros, which read files in `code_page`; the note's path comes back."""
    note = interpreter_note(home)
    note.parent.mkdir(mode=0o700, exist_ok=True)
    note.write_text(f"{interpreter}\n", encoding=code_page, errors="replace")
    return note


def profile_folder(home: Path | None = None) -> Path:
    """Where LibreOffice keeps this user's settings."""
    home = home or Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home)) / "LibreOffice" / "4" / "user"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "LibreOffice" / "4" / "user"
    return home / ".config" / "libreoffice" / "4" / "user"


def is_running(profile: Path) -> bool:
    """True where LibreOffice has that profile open."""
    return (profile / ".lock").exists() or (profile.parent / ".lock").exists()


def listens(profile: Path, address: str = ADDRESS) -> bool:
    """True where LibreOffice is told to listen at `address`."""
    settings = profile / _SETTINGS
    return settings.is_file() and _LISTEN.format(escape(address)).encode() in settings.read_bytes()


def let_it_listen(profile: Path, address: str = ADDRESS) -> bool:
    """Tell LibreOffice to listen at `address`, a local pipe, from its next start on; False where it does already.

    Its settings are one file that it writes when it ends, so it must not run meanwhile.
    """
    if listens(profile, address):
        return False
    profile.mkdir(parents=True, exist_ok=True)
    settings = profile / _SETTINGS
    before = settings.read_bytes() if settings.is_file() else _EMPTY.encode()
    after = before.replace(b"</oor:items>", _LISTEN.format(escape(address)).encode() + b"\n</oor:items>")
    unfinished = settings.with_suffix(".okr-new")
    unfinished.write_bytes(after)
    unfinished.replace(settings)
    return True
