"""Break many books and read them: `python benchmarks/fuzz.py [COUNT] [FIRST SEED]`. Run from the repository's root.

Prints how the books fared, the slowest one and the peak memory, and fails on any exception that is no refusal, on a book
that takes more than 10 seconds, and on more than 500 MB.
"""

from __future__ import annotations

import resource
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.books.fuzzing import books, outcome
from tests.books.mutations import mutated

SECONDS, MEGABYTES = 10, 500


def main(count: int, first: int) -> None:
    warnings.simplefilter("ignore", UserWarning)  # the standard library's, about names written twice
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    sound, found, slowest = books(), {}, (0.0, first)
    for seed in range(first, first + count):
        content = mutated(sound[seed % len(sound)], seed)
        began = time.perf_counter()
        try:
            code = outcome(content)
        except Exception:
            print(f"seed {seed}")
            raise
        slowest = max(slowest, (time.perf_counter() - began, seed))
        found[code] = found.get(code, 0) + 1
    for code, number in sorted(found.items(), key=lambda one: -one[1]):
        print(f"{number:7} {code}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} books, the slowest {slowest[0]:.2f} s (seed {slowest[1]}), peak memory {peak:.0f} MB")
    assert slowest[0] < SECONDS


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
