"""Who makes many books: this process, several processes of this machine, or a Dask cluster.

All give the same results in the same order; they differ in how soon, and in who holds the plans on the way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, TypeVar

from okr_workbook.errors import OkrError, UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

WORTH_PROCESSES = 100
"""Tasks from which on a second process saves more time than it takes to start."""

_BATCH = 10
"""Tasks sent to a process at a time: sending one by one costs more than it evens out."""
_ANSWER_SECONDS = 15
"""How long to wait for a scheduler to answer and to have a worker: long enough for a cluster that is just starting."""
_UNDER_WAY = 64
"""Tasks at a cluster at a time, so that neither side holds all the plans and books at once."""


class Workers(Protocol):
    """Somebody who does the same work on many tasks."""

    def results(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """What the work makes of each task, in their order, each as soon as it is there.

        OkrError where the workers are lost; what was given before that is whole.
        """
        ...


class InLine:
    """This process does the work itself."""

    def results(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """What the work makes of each task."""
        return map(work, tasks)


class Processes(NamedTuple):
    """So many processes of this machine; this process alone where the tasks are too few to be worth starting them.

    They are started afresh (spawn): a script that asks for them needs its `if __name__ == "__main__"`.
    """

    number: int

    def results(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """What the work makes of each task."""
        all_tasks = list(tasks)
        if self.number < 2 or len(all_tasks) < WORTH_PROCESSES:
            yield from map(work, all_tasks)
            return
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        try:
            with ProcessPoolExecutor(self.number, mp_context=get_context("spawn")) as pool:
                yield from pool.map(work, all_tasks, chunksize=_BATCH)
        except BrokenProcessPool as error:
            raise OkrError("processes_lost") from error


class DaskCluster(NamedTuple):
    """The workers of the Dask scheduler at an address, such as tcp://10.0.0.5:8786. They see the plans of the teams."""

    address: str

    def results(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """What the work makes of each task."""
        with self._connected() as client, self._told():
            under_way: deque[Any] = deque()
            for task in tasks:
                under_way.append(client.submit(work, task, pure=False))
                if len(under_way) >= _UNDER_WAY:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """A client whose workers have this version of okr_workbook, for the same books come from the same code."""
        try:
            from distributed import Client
        except ImportError as error:
            raise UsageError("dask_missing") from error
        try:
            client = Client(self.address, timeout=_ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:  # ValueError: the address is none
            raise UsageError("scheduler_silent", address=self.address) from error
        with client:
            try:
                client.wait_for_workers(1, timeout=_ANSWER_SECONDS)
            except TimeoutError as error:
                raise OkrError("scheduler_idle", address=self.address) from error
            self._check_versions(client)
            yield client

    def _check_versions(self, client: Any) -> None:
        from importlib.metadata import version

        ours = version("okr-workbook")
        found = client.run(version, "okr-workbook", on_error="return")  # from the worker's own standard library
        for worker, theirs in found.items():
            if theirs != ours:
                raise OkrError("worker_differs", worker=worker, version=ours)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A cluster that goes away while it works is told in a sentence."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            yield
        except (CancelledError, KilledWorker, OSError) as error:
            raise OkrError("cluster_lost", address=self.address) from error
