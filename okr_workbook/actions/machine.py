"""This computer, as far as Excel, LibreOffice and Python are concerned. Looks; changes nothing."""

from __future__ import annotations

import importlib.util
import locale
import os
import shutil
import site
import sys
import sysconfig
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple, Self

from okr_workbook.actions.setup_libreoffice import UNO_FOLDERS, interpreter_note, listens, profile_folder

LEAN_START = "zz_okr_workbook_lean_start.pth"
"""The file that `okr setup` puts beside the packages; z, so that Windows' own pywin32.pth comes before it."""

LEAN_START_LINE = (
    "import sys; any('okr_workbook.excel.buttons' in part for part in getattr(sys, 'orig_argv', ())) "
    "and __import__('okr_workbook.excel.lean_xlwings', fromlist=['start_click']).start_click()\n"
)
"""Runs when Python starts, and does something only for a click of ours: xlwings is then loaded lean, before RunPython
loads it with everything. Other programs, and other workbooks with RunPython, are not touched."""


class Machine(NamedTuple):
    """Where to look: `here` on this computer, in tests in folders of their own.

    `package_folders` are where packages lie, the usual one first, then the user's own; `prefix` is where Python was
    installed, `base_prefix` where the Python of a virtual environment was. Excel's macros read files in `code_page`.
    """

    system: str
    home: Path
    environment: Mapping[str, str]
    interpreter: str
    package_folders: tuple[Path, ...]
    prefix: Path
    base_prefix: Path
    code_page: str
    applications: Path = Path("/Applications")

    @classmethod
    def here(cls) -> Self:
        """This computer."""
        return cls(
            sys.platform,
            Path.home(),
            os.environ,
            sys.executable,
            (
                Path(sysconfig.get_path("purelib")),
                *([Path(site.getusersitepackages())] if site.ENABLE_USER_SITE else []),
            ),
            Path(sys.prefix),
            Path(sys.base_prefix),
            locale.getencoding() if sys.platform == "win32" else "utf-8",
        )

    @property
    def is_windows(self) -> bool:
        """Windows."""
        return self.system == "win32"

    @property
    def is_mac(self) -> bool:
        """Mac OS."""
        return self.system == "darwin"

    # --- Python ---

    @property
    def is_from_microsoft_store(self) -> bool:
        """True for a Python that keeps what it writes into the user's settings to itself: Excel sees nothing of it."""
        return self.is_windows and "WindowsApps" in self.base_prefix.parts

    @property
    def lean_start(self) -> Path | None:
        """The file that makes clicks start lean, as this version writes it; None where there is none."""
        files = (folder / LEAN_START for folder in self.package_folders)
        return next((file for file in files if text_of(file, "utf-8") == LEAN_START_LINE), None)

    # --- Excel ---

    @property
    def excel(self) -> str:
        """What Excel there is: a version or a path; "" where there is none."""
        if self.is_mac:
            found = self.applications / "Microsoft Excel.app"
            return str(found) if found.exists() else ""
        return registry_value("HKEY_CLASSES_ROOT", r"Excel.Application\CurVer", "") if self.is_windows else ""

    @property
    def macro_policy(self) -> str:
        """Excel's setting for macros, 1 to 4 as Windows' registry has it; "" where it is not seen."""
        places = ("Policies\\Microsoft", "Microsoft")  # what a company decides comes before what its people choose
        keys = (rf"Software\{place}\Office\16.0\Excel\Security" for place in places)
        found = (registry_value("HKEY_CURRENT_USER", key, "VBAWarnings") for key in keys)
        return next(filter(None, found), "") if self.is_windows else ""

    @property
    def addin(self) -> Path:
        """Where the xlwings add-in lies once it is installed."""
        if self.is_mac:
            office = self.home / "Library/Group Containers/UBF8T346G9.Office/User Content.localized"
            return office / "Startup.localized/Excel/xlwings.xlam"
        roaming = Path(self.environment.get("APPDATA", self.home / "AppData/Roaming"))
        return roaming / "Microsoft/Excel/XLSTART/xlwings.xlam"

    @property
    def has_addin(self) -> bool:
        """True where the add-in is there."""
        return is_there(self.addin)

    @property
    def addin_is_current(self) -> bool:
        """True where the add-in is the one that came with the xlwings that is installed."""
        own = package_file("xlwings", "addin/xlwings.xlam")
        with suppress(OSError):
            return own is not None and self.addin.read_bytes() == own.read_bytes()
        return False

    @property
    def apple_script(self) -> Path:
        """The script by which Excel for the Mac may start Python, of this version of xlwings."""
        name = f"xlwings-{installed_version('xlwings')}.applescript"
        return self.home / "Library/Application Scripts/com.microsoft.Excel" / name

    @property
    def has_apple_script(self) -> bool:
        """True where that script is there."""
        return is_there(self.apple_script)

    @property
    def xlwings_settings(self) -> Path:
        """The user's settings of xlwings."""
        if self.is_mac:
            return self.home / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
        return self.home / ".xlwings/xlwings.conf"

    @property
    def addin_interpreter(self) -> str:
        """The Python that the add-in starts; "" where it is not set."""
        wanted = '"INTERPRETER_MAC"' if self.is_mac else '"INTERPRETER_WIN"'
        for line in text_of(self.xlwings_settings, self.code_page).splitlines():
            name, _, value = line.partition(",")
            if name == wanted:
                return value.strip('"')
        return ""

    @property
    def onedrive(self) -> str:
        """The folder that OneDrive keeps on this computer; "" where there is none."""
        names = ("OneDriveCommercial", "OneDriveConsumer", "OneDrive")
        return next((self.environment[name] for name in names if self.environment.get(name)), "")

    # --- LibreOffice ---

    @property
    def libreoffice(self) -> str:
        """LibreOffice's program; "" where there is none."""
        usual = (
            "/Applications/LibreOffice.app/Contents/MacOS/soffice",
            r"C:\Program Files\LibreOffice\program\soffice.exe",
        )
        names = ("soffice", "libreoffice", "org.libreoffice.LibreOffice")
        found = filter(None, (shutil.which(name, path=self.environment.get("PATH")) for name in names))
        return next(found, "") or next((path for path in usual if Path(path).is_file()), "")

    @property
    def libreoffice_is_shut_in(self) -> bool:
        """True for a LibreOffice that runs in a box of its own (Snap, Flatpak), out of which it can start no Python."""
        return bool({"snap", "flatpak"} & set(Path(self.libreoffice).parts))

    @property
    def profile(self) -> Path:
        """LibreOffice's settings of this user."""
        return profile_folder(self.home)

    @property
    def libreoffice_listens(self) -> bool:
        """True where LibreOffice is told to listen for the buttons' answers."""
        return listens(self.profile)

    @property
    def noted_interpreter(self) -> str:
        """The Python that LibreOffice's macros start; "" where none is noted."""
        return text_of(interpreter_note(self.home), self.code_page).strip()

    @property
    def has_uno(self) -> bool:
        """True where this Python can talk to LibreOffice."""
        return importlib.util.find_spec("uno") is not None or any(
            Path(folder, "uno.py").is_file() for folder in UNO_FOLDERS
        )


def is_there(file: Path) -> bool:
    """True for a file that can be seen: macOS shows what is Excel's to no other program that was not allowed it."""
    try:
        return file.is_file()
    except OSError:
        return False


def text_of(file: Path, encoding: str) -> str:
    """What a file says, with a sign in the place of bytes that say nothing; "" where there is none to be read."""
    try:
        return file.read_text(encoding=encoding, errors="replace")
    except OSError:
        return ""


def installed_version(package: str) -> str:
    """A package's version; "" where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def package_file(package: str, path: str) -> Path | None:
    """A file of an installed package, found without importing it; None where the package or the file is not there."""
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations or ()) if spec else ()
    return next((file for folder in folders if (file := Path(folder, path)).is_file()), None)


def registry_value(root: str, key: str, name: str) -> str:
    """A value of Windows' registry; "" where it is not there, or on another system."""
    if sys.platform != "win32":
        return ""
    import winreg

    try:
        with winreg.OpenKey(getattr(winreg, root), key) as opened:
            return str(winreg.QueryValueEx(opened, name)[0])
    except OSError:
        return ""
