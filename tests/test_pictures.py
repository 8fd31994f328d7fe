"""The pictures in docs/pictures show today's product: each carries the words that stood in its sheet when it was made.

`OKR_UPDATE_DOCS=1 pytest tests/test_pictures.py` makes those anew that are stale, with LibreOffice and poppler; the report's
with Chromium. A change of looks alone is not noticed here: delete a picture to have it made anew.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import warnings
import zlib
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from okr_workbook.cli import main
from okr_workbook.labels import area, labels_for
from tests.office.libreoffice import a_profile

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
SHEETS = {
    "start.en": ("plan.en", "start"), "dashboard.en": ("plan.en", "dashboard"), "dashboard.fr": ("plan.fr", "dashboard"),
    "key-results.en": ("plan.en", "key_results"), "kpis.en": ("plan.en", "kpis"), "alignment.en": ("plan.en", "alignment"),
    "team.en": ("books/Marketing", "overview"),
}  # fmt: skip
"""Each picture: the file it is of, and the sheet or the table that has one."""
LAST_REFRESH = "2026-11-25"
DOTS_PER_INCH, MARGIN, FOOT = 120, 25, 0.06
"""How large a page is drawn, the white left around it, and the share of its height that its foot takes."""
UPDATING = os.environ.get("OKR_UPDATE_DOCS") == "1"
STALE = "the picture is older than the product: OKR_UPDATE_DOCS=1 pytest tests/test_pictures.py makes it anew"
MARK = b"Description"
REPORT = (1200, 1650)
"""How much of the report is shown, in pixels."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The worked example in both languages, refreshed a week ago and today; a team's workbook; the report."""
    folder = tmp_path_factory.mktemp("pictures")
    for language in ("en", "fr"):
        planner = str(folder / f"plan.{language}.xlsm")
        assert main(["new", planner, "--example", "--lang", language]) == 0
        assert main(["refresh", planner, "--as-of", LAST_REFRESH]) == 0
        assert main(["refresh", planner]) == 0
    assert main(["teams", str(folder / "plan.en.xlsm"), "--out", str(folder / "books"), "--team", "Marketing"]) == 0
    assert main(["report", str(folder / "plan.en.xlsm"), "--html", str(folder / "report.html")]) == 0
    return folder


@pytest.mark.parametrize("name", SHEETS)
def test_the_picture_of_a_sheet_is_todays(folder, name):
    file, sheet = SHEETS[name]
    labels = labels_for(name[-2:])
    named = area(labels.language, "team_book" if name == "team.en" else "tables")["sheets"]
    title = named.get(sheet) or labels.table(sheet)
    (path,) = folder.glob(f"{file}.xls*")
    words = words_of_sheet(path, title)
    if UPDATING and words_in(FOLDER / f"{name}.png") != words:
        pdf = printed(path, "fr-FR" if labels.language == "fr" else "en-US")
        write_picture(name, cropped(pdf, page_of(pdf, title)), words)
    assert words_in(FOLDER / f"{name}.png") == words, STALE


def test_the_picture_of_the_report_is_todays(folder):
    words = words_of_html((folder / "report.html").read_text(encoding="utf-8"))
    if UPDATING and words_in(FOLDER / "report.en.png") != words:
        drawn = folder / "report.png"
        size = ",".join(map(str, REPORT))
        command = [program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                   f"--user-data-dir={folder}/browser", f"--window-size={size}", f"--screenshot={drawn}",
                   f"file://{folder}/report.html"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        write_picture("report.en", drawn.read_bytes(), words)
    assert words_in(FOLDER / "report.en.png") == words, STALE


def test_every_picture_is_shown_and_has_its_test():
    drawn = {path.stem for path in FOLDER.glob("*.png")}
    pages = [*FOLDER.parents[1].glob("*.md"), *FOLDER.parent.glob("*.md")]
    shown = {
        name for page in pages for name in re.findall(r"pictures/([\w.-]+)\.png", page.read_text(encoding="utf-8"))
    }
    assert drawn == shown == {*SHEETS, "report.en"}


def words_of_sheet(path: Path, sheet: str) -> str:
    """What the cells of a sheet hold, in the order of the alphabet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of openpyxl, about what it would lose
        cells = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    return in_order(" ".join(str(cell) for row in cells for cell in row if cell is not None))


def program(name: str) -> str:
    """A program that pictures are made with."""
    found = shutil.which(name)
    assert found, f"{name} is not installed"
    return found


def printed(path: Path, locale: str) -> Path:
    """A workbook as LibreOffice prints it."""
    pdf = path.with_suffix(".pdf")
    if not pdf.exists():
        profile = f"-env:UserInstallation=file://{a_profile(path.parent / f'profile-{path.stem}', locale)}"
        to_pdf = ["--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
        subprocess.run([program("soffice"), profile, *to_pdf], check=True, capture_output=True, timeout=180)
    return pdf


def page_of(pdf: Path, sheet: str) -> int:
    """The number of a sheet's first page, told by its foot."""
    text = subprocess.run([program("pdftotext"), "-layout", str(pdf), "-"], check=True, capture_output=True).stdout
    for number, page in enumerate(text.decode().split("\f"), 1):
        if re.search(rf" {re.escape(sheet)} +\d+ ?/ ?\d+\s*$", page):
            return number
    raise AssertionError(f"{pdf} has no page of the sheet {sheet}")


def words_of_html(page: str) -> str:
    body = re.sub(r"<(style|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return in_order(unescape(re.sub(r"<[^>]*>", " ", body)))


def in_order(text: str) -> str:
    return " ".join(sorted(text.split()))


def cropped(pdf: Path, number: int) -> bytes:
    """A page as a PNG, cut to what is on it; its foot is left out."""
    drawing = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-f", str(number), "-l", str(number)]
    header, pixels = split_ppm(subprocess.run([*drawing, str(pdf)], check=True, capture_output=True).stdout)
    width, height = header
    white = b"\xff" * 3 * width
    rows = [pixels[place : place + 3 * width] for place in range(0, int(height * (1 - FOOT)) * 3 * width, 3 * width)]
    inked = [index for index, row in enumerate(rows) if row != white]
    left = min(len(row) - len(row.lstrip(b"\xff")) for row in rows) // 3
    right = max(len(row.rstrip(b"\xff")) for row in rows) // 3
    box = (left - MARGIN, inked[0] - MARGIN, right - left + 2 * MARGIN, inked[-1] - inked[0] + 1 + 2 * MARGIN)
    cut = [part for name, value in zip("xyWH", box, strict=True) for part in (f"-{name}", str(max(value, 0)))]
    return subprocess.run([*drawing, *cut, "-png", str(pdf)], check=True, capture_output=True).stdout


def split_ppm(ppm: bytes) -> tuple[tuple[int, int], bytes]:
    """The width, the height and the pixels of a picture as poppler writes it."""
    _, size, _, pixels = ppm.split(b"\n", 3)
    width, height = map(int, size.split())
    return (width, height), pixels


def write_picture(name: str, png: bytes, words: str) -> None:
    """A picture with its words, as a text chunk before the last one."""
    content = b"iTXt" + MARK + b"\0" + b"\1\0" + b"\0\0" + zlib.compress(words.encode())
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    end = png.rindex(b"IEND") - 4
    (FOLDER / f"{name}.png").write_bytes(png[:end] + chunk + png[end:])


def words_in(path: Path) -> str:
    """The words a picture carries; none where there is no picture."""
    png = path.read_bytes() if path.exists() else b""
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"iTXt" and content.startswith(MARK + b"\0"):
            return zlib.decompress(content[len(MARK) + 5 :]).decode()
        place += 12 + length
    return ""
