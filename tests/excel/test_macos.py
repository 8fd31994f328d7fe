"""xlwings' own engine for the Mac, with stand-ins for appscript and Excel: what it gives us is read, errors and all.

In a process of its own, for it makes Python believe that this is a Mac.
"""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import atexit, json, sys, types
from types import SimpleNamespace as Namespace

class Anything(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name)
    def __call__(self, *args, **options):
        return Anything("called")
    def __mro_entries__(self, bases):
        return (Exception,)

for name in ("aem", "appscript", "osax", "psutil", "appscript.reference"):
    sys.modules[name] = Anything(name)
import xlwings
import xlwings._xlmac as mac
atexit.unregister(mac.cleanup)
from okr_workbook.books.live.tables import values_of
sys.platform = "darwin"

def area(values, shown):
    xl = Namespace(value=Namespace(get=lambda: values), string_value=Namespace(get=lambda: shown))
    impl = mac.Range.__new__(mac.Range)
    impl.xl, impl.options = xl, None
    rows = shown if isinstance(shown, list) else [[shown]]
    impl._coords = (1, 1, len(rows), len(rows[0])) if isinstance(rows[0], list) else (1, 1, 1, len(rows))
    impl.sheet = Namespace(name="S", book=Namespace(app=Namespace(engine=mac.engine, pid=1)))
    return xlwings.Range(impl=impl)

print(json.dumps([values_of(area(*one)) for one in json.loads(sys.argv[1])]))
"""

GIVEN = [
    ([["id", "score"], ["KR1", 0.5]], [["id", "score"], ["KR1", "50 %"]]),
    ([["id", "score"], ["KR1"]], [["id", "score"], ["KR1", "#N/A"]]),
    (["KR1", 0.5], ["KR1", "50 %"]),
    (["KR1"], ["#VALEUR!", "KR1"]),
    (0.5, "50 %"),
]
EXPECTED = [
    [["id", "score"], ["KR1", 0.5]],
    [["id", "score"], ["KR1", ["#N/A"]]],
    [["KR1", 0.5]],
    [[["#VALUE!"], "KR1"]],
    [[0.5]],
]
"""An error is a tuple of its name, which JSON writes as a list."""


def test_every_shape_of_values_is_read():
    done = subprocess.run([sys.executable, "-c", CODE, json.dumps(GIVEN)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
