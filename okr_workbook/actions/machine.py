"""This computer, as far as Excel, LibreOffice and Python are concerned. Looks; changes nothing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import site
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from okr_workbook.actions.setup_libreoffice import UNO_FOLDERS, interpreter_note, listens, profile_folder

LEAN_START = "zz_okr_workbook_lean_start.pth"
"""The file that `okr setup` puts beside the packages; z, so that Windows' own pywin32.pth comes before it."""


class Machine(NamedTuple):
    """Where to look. Tests give folders of their own."""

    system: str = sys.platform
    home: Path = Path.home()
    environment: Mapping[str, str] = os.environ
    interpreter: str = sys.executable
    site_packages: Path = Path(site.getsitepackages()[0])
    applications: Path = Path("/Applications")

    @property
    def is_windows(self) -> bool:
        """Windows."""
        return self.system == "win32"

    @property
    def is_mac(self) -> bool:
        """Mac OS."""
        return self.system == "darwin"

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
        key = r"Software\Microsoft\Office\16.0\Excel\Security"
        return registry_value("HKEY_CURRENT_USER", key, "VBAWarnings") if self.is_windows else ""

    @property
    def addin(self) -> Path:
        """Where the xlwings add-in lies once it is installed."""
        if self.is_mac:
            office = self.home / "Library/Group Containers/UBF8T346G9.Office/User Content.localized"
            return office / "Startup.localized/Excel/xlwings.xlam"
        roaming = Path(self.environment.get("APPDATA", self.home / "AppData/Roaming"))
        return roaming / "Microsoft/Excel/XLSTART/xlwings.xlam"

    @property
    def addin_is_current(self) -> bool:
        """True where the add-in is the one that came with the xlwings that is installed."""
        own = package_file("xlwings", "addin/xlwings.xlam")
        return own is not None and self.addin.is_file() and self.addin.read_bytes() == own.read_bytes()

    @property
    def apple_script(self) -> Path:
        """The script by which Excel for the Mac may start Python, of this version of xlwings."""
        name = f"xlwings-{installed_version('xlwings')}.applescript"
        return self.home / "Library/Application Scripts/com.microsoft.Excel" / name

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
        if self.xlwings_settings.is_file():
            for line in self.xlwings_settings.read_text(encoding="utf-8").splitlines():
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
        found = shutil.which("soffice", path=self.environment.get("PATH")) or shutil.which(
            "libreoffice", path=self.environment.get("PATH")
        )
        return found or next((path for path in usual if Path(path).is_file()), "")

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
        note = interpreter_note(self.home)
        return note.read_text(encoding="utf-8").strip() if note.is_file() else ""

    @property
    def has_uno(self) -> bool:
        """True where this Python can talk to LibreOffice."""
        return importlib.util.find_spec("uno") is not None or any(
            Path(folder, "uno.py").is_file() for folder in UNO_FOLDERS
        )


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
