"""This process, two processes and a Dask cluster make the same books; what is lost or missing is said in words."""

from __future__ import annotations

import functools
import os
import socket
import sys

import pytest

from okr_workbook.actions.teams import make_team_books
from okr_workbook.actions.workers import WORTH_PROCESSES, DaskCluster, InLine, Processes
from okr_workbook.books.team_book import make_team_book
from okr_workbook.cli import main
from okr_workbook.errors import OkrError, UsageError
from tests.actions.planner_files import TODAY, an_example
from tests.books.test_team_book import a_small_planner, plan_of

MAKE = functools.partial(make_team_book, revision=7)


def some_plans(count):
    """Small plans that differ."""
    plans = [plan_of(a_small_planner(number)) for number in (1, 2, 3)]
    return [plans[number % 3] for number in range(count)]


def test_two_processes_make_the_same_books():
    plans = some_plans(WORTH_PROCESSES)
    assert list(Processes(2).results(MAKE, plans)) == list(InLine().results(MAKE, plans))


def test_few_tasks_stay_in_this_process():
    tasks = range(WORTH_PROCESSES - 1)
    assert set(Processes(2).results(lambda _: os.getpid(), tasks)) == {os.getpid()}  # a lambda cannot leave it


def die(task):
    """What a process does that the system ends for lack of memory."""
    os._exit(task)


def test_processes_that_end_without_a_word_are_told():
    with pytest.raises(OkrError, match="processes_lost"):
        list(Processes(2).results(die, [9] * WORTH_PROCESSES))


def a_cluster(workers):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0", silence_logs=50
    )


@pytest.fixture(scope="module")
def cluster():
    """A Dask cluster of two workers on loopback."""
    with a_cluster(2) as made:
        yield made


def test_a_cluster_makes_the_same_books(cluster):
    plans = some_plans(70)
    assert list(DaskCluster(cluster.scheduler_address).results(MAKE, plans)) == [MAKE(plan) for plan in plans]


def test_a_fault_in_the_work_is_no_fault_of_the_cluster(cluster):
    with pytest.raises(ZeroDivisionError):
        list(DaskCluster(cluster.scheduler_address).results(functools.partial(divmod, 1), [0]))


def test_the_command_hands_the_books_to_the_cluster(cluster, tmp_path):
    planner = an_example(tmp_path)
    assert main(["teams", planner, "--out", str(tmp_path / "out"), "--scheduler", cluster.scheduler_address]) == 0
    report = make_team_books(planner, str(tmp_path / "plain"), today=TODAY)
    assert sorted(os.listdir(tmp_path / "out")) == sorted(os.path.basename(book.path) for book in report.books)


def test_an_address_where_nobody_answers(monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setattr("okr_workbook.actions.workers._ANSWER_SECONDS", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    for nobody in (address, "nonsense://x"):
        with pytest.raises(UsageError, match="scheduler_silent"):
            list(DaskCluster(nobody).results(MAKE, []))


def test_a_scheduler_without_workers(monkeypatch):
    monkeypatch.setattr("okr_workbook.actions.workers._ANSWER_SECONDS", 0.5)
    with a_cluster(0) as idle, pytest.raises(OkrError, match="scheduler_idle"):
        list(DaskCluster(idle.scheduler_address).results(MAKE, []))


def test_a_worker_that_dies_of_its_task_is_told(cluster):
    cluster.scheduler.allowed_failures = 0
    with pytest.raises(OkrError, match="cluster_lost"):
        list(DaskCluster(cluster.scheduler_address).results(die, [9]))


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="dask_missing"):
        list(DaskCluster("tcp://127.0.0.1:8786").results(MAKE, []))
