"""`okr teams` with more and more teams: by this process alone, by every core, by a Dask cluster of two workers here.

Usage: python -m benchmarks.workers [TEAMS ...]

Each figure is one run of `make_team_books` in a fresh process: reading, scoring and writing the files included. The time
is taken within the process once Python and the package are imported; a cluster is started before the clock is. Memory is
the peak of the largest process of the run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time

from benchmarks.measuring import machine, run, table
from benchmarks.planners import AS_OF, make_planner

SIZES = (5, 50, 200, 1000)
WAYS = ("in line", "processes", "Dask")
KEY_RESULTS_A_TEAM = 10


def one_run(way: str, planner: str, folder: str, said: str) -> None:
    """Make the books and write the seconds it took to the file `said`: the main of a fresh process."""
    from okr_workbook.actions.teams import make_team_books
    from okr_workbook.actions.workers import DaskCluster, InLine, Processes

    if way == "Dask":
        from distributed import LocalCluster

        with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0") as cluster:
            start = time.perf_counter()
            make_team_books(planner, folder, today=AS_OF, workers=DaskCluster(cluster.scheduler_address))
            elapsed = time.perf_counter() - start
    else:
        start = time.perf_counter()
        workers = Processes(os.cpu_count() or 1) if way == "processes" else InLine()
        make_team_books(planner, folder, today=AS_OF, workers=workers)
        elapsed = time.perf_counter() - start
    with open(said, "w", encoding="ascii") as file:
        file.write(repr(elapsed))


def main(sizes: list[int]) -> None:
    rows = []
    for teams in sizes:
        with tempfile.TemporaryDirectory() as place:
            planner = make_planner(os.path.join(place, "plan.xlsx"), teams * KEY_RESULTS_A_TEAM, teams)
            row: list[object] = [f"{teams:,}"]
            for way in WAYS:
                folder, said = os.path.join(place, way), os.path.join(place, f"{way}.txt")
                peak = run((sys.executable, "-m", "benchmarks.workers", "--run", way, planner, folder, said)).peak
                with open(said, encoding="ascii") as file:
                    row.append(f"{float(file.read()):.1f} s, {peak:.0f} MB")
            rows.append(row)
    print(machine(), end="\n\n")
    print(table(("teams", *WAYS), rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        one_run(*sys.argv[2:])
    else:
        main([int(one) for one in sys.argv[1:]] or list(SIZES))
