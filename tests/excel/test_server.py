"""Custom functions through a real xlwings Server on loopback, as an Office client calls them.

Runs where xlwings-server is installed (extra `server`). Its licence for tests is PolyForm Noncommercial; nothing of it
is part of the package.
"""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("xlwings_server") is None, reason="xlwings-server is not installed"
)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """A call of a custom function: its name and its arguments, rows of cells each."""
    folder = tmp_path_factory.mktemp("server")
    environment = {**os.environ, "XLWINGS_LICENSE_KEY": "noncommercial"}
    make = [sys.executable, "-c", "from xlwings_server.cli import main; main()", "init", "."]
    subprocess.run(make, cwd=folder, env=environment, check=True, capture_output=True)
    (folder / "custom_functions" / "__init__.py").write_text("from okr_workbook.excel.functions import *\n")
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "xlwings_server.main:app", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)

    def asked(name, *arguments):
        import xlwings

        data = {
            "func_name": name, "args": list(arguments), "version": xlwings.__version__, "client": "Office.js",
            "content_language": "en-US", "date_format": "m/d/yyyy", "runtime": "1.4", "caller_address": "Sheet1!A1",
            "culture_info_name": "en-US", "task_key": "1",
        }  # fmt: skip
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/xlwings/custom-functions-call",
            json.dumps(data).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["result"]

    try:
        wait_for_port(port, server)
        yield asked
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for_port(port, server):
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("okr_progress", ([[5], [None]], [[0]], [[10]]), [[0.5], [{"type": "Error", "errorType": "NotAvailable"}]]),
        ("okr_grade", ([[0.65]],), [["amber"]]),
        ("kpi_cac", ([[100]], [[50]], [[3]]), [[50.0]]),
        ("kpi_value", ([["a / b"]], [["a"], ["b"]], [[1], [0]]), [[{"type": "Error", "errorType": "Div0"}]]),
    ],
)
def test_a_cell_gets_its_value(call, name, arguments, expected):
    assert call(name, *arguments) == expected
