"""Measuring: medians and ratios by hand, what a run costs, and what is told of the machine."""

from __future__ import annotations

import platform
import sys

import pytest

from benchmarks import measuring
from benchmarks.measuring import Figures, Run, run, side_by_side


def test_figures_are_medians_extremes_and_the_highest_peak():
    runs = [Run(3.0, 1.0, 10.0), Run(1.0, 5.0, 30.0), Run(2.0, 2.0, 20.0)]
    assert Figures.of(runs) == Figures(elapsed=2.0, fastest=1.0, slowest=3.0, cpu=2.0, peak=30.0)


def test_a_run_is_measured_in_seconds_and_megabytes():
    busy = run(
        (sys.executable, "-c", "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass")
    )
    idle = run((sys.executable, "-c", "import time; time.sleep(0.2)"))
    assert busy.cpu >= 0.2
    assert idle.elapsed >= 0.2 > idle.cpu
    large = run((sys.executable, "-c", "b'x' * (200 << 20)"))
    assert 200 < large.peak < 300


@pytest.mark.parametrize(("status", "fails"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_command_that_fails_stops_the_benchmark(status, fails):
    command = (sys.executable, "-c", f"import sys; sys.stderr.write('why'); sys.exit({status})")
    if fails:
        with pytest.raises(RuntimeError, match="why"):
            run(command)
    else:
        assert run(command).elapsed > 0


def test_the_ways_take_turns_and_the_first_round_is_not_counted(tmp_path):
    log = tmp_path / "log"

    def noting(name):
        return (sys.executable, "-c", f"open({str(log)!r}, 'a').write({name!r})")

    def prepare():
        with log.open("a") as file:
            file.write("-")

    found = side_by_side({"a": noting("a"), "b": noting("b")}, 2, prepare)
    assert log.read_text() == "-a-b" * 3
    assert list(found) == ["a", "b"]


def test_versions_name_the_libraries_and_not_the_machine():
    found = measuring.versions()
    assert {"python", "system", "cores", "openpyxl", "pandas", "xlsxwriter"} <= found.keys()
    assert platform.node() not in measuring.machine()


def test_a_table_is_markdown():
    assert measuring.table(["a", "b"], [[1, "x"]]) == "| a | b |\n| --- | --- |\n| 1 | x |"
    assert measuring.milliseconds(1.2345) == "1,234 ms"
