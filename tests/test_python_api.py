"""What `import okr_workbook` offers: the names of docs/python.md, lazily, and the page's own example."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import okr_workbook

PAGE = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_public_names_are_those_of_the_page():
    names = [line.split(" | ")[0] for line in PAGE.splitlines() if line.startswith("| `")]
    explained = set(re.findall(r"`(\w+)[(`]", "\n".join(names)))
    assert set(okr_workbook.__all__) == explained | {"__version__"} == {*okr_workbook._HOMES, "__version__"}
    assert all(getattr(okr_workbook, name) is not None for name in okr_workbook.__all__)


def test_a_name_that_is_not_public_is_none():
    assert not hasattr(okr_workbook, "Planner")


def test_importing_the_package_imports_nothing_else():
    code = "import sys; before = set(sys.modules); import okr_workbook; print(set(sys.modules) - before)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "{'okr_workbook'}"


def test_the_example_of_the_page_runs(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "returned").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-W", "error", "-c", example]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert re.match(r"\d+% of \d+% expected\n", run.stdout)
    assert (tmp_path / "plan.html").stat().st_size > 10_000
    assert len(list((tmp_path / "books").glob("*.xlsx"))) == len(list((tmp_path / "drafts").glob("*.eml"))) == 3
