"""What is seen of a computer, and what is set up: on invented homes of all three systems, and for real on this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from okr_workbook.actions.doctor import doctor, doctor_json, finding_lines
from okr_workbook.actions.machine import LEAN_START, LEAN_START_LINE, Machine, package_file
from okr_workbook.actions.setup import set_up, setup_json, step_line
from okr_workbook.actions.setup_libreoffice import interpreter_note, let_it_listen, listens, profile_folder
from okr_workbook.labels import LANGUAGES, labels_for


def a_machine(folder, system, **changes):
    for name in ("home", "packages", "Applications"):
        (folder / name).mkdir(exist_ok=True)
    here = {
        "system": system, "home": folder / "home", "environment": {"PATH": str(folder)}, "interpreter": "/py/bin/python",
        "package_folders": (folder / "packages", folder / "own packages"), "prefix": folder, "base_prefix": folder,
        "code_page": "cp1252" if system == "win32" else "utf-8", "applications": folder / "Applications",
    }  # fmt: skip
    return Machine(**{**here, **changes})


def states(machine):
    return {finding.id: finding.state for finding in doctor(machine)}


def make(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("version", "state", "words"), [("25.7.0", "fine", "(keyring 25.7.0)"), ("", "not_here", "pip install")]
)
def test_where_the_mail_servers_password_can_be_kept(tmp_path, monkeypatch, version, state, words):
    monkeypatch.setattr("okr_workbook.actions.doctor.installed_version", lambda _package: version)
    (found,) = (one for one in doctor(a_machine(tmp_path, "linux")) if one.id == "key_store")
    assert found.state == state
    for language in LANGUAGES:
        assert words in finding_lines(found, labels_for(language))[0]


@pytest.mark.parametrize(
    ("environment", "installed", "expected"),
    [
        ({}, "", {"microsoft365": "not_here"}),
        ({"OKR_SMTP_PASSWORD": "secret"}, "", {"smtp_password": "fine", "microsoft365": "not_here"}),
        ({"OKR_MICROSOFT365_CLIENT_ID": "1-2"}, "", {"microsoft365": "to_do"}),
        ({"OKR_MICROSOFT365_CLIENT_ID": "1-2"}, "1.31", {"microsoft365": "fine"}),
    ],
)
def test_what_mail_is_set_up_for(tmp_path, monkeypatch, environment, installed, expected):
    monkeypatch.setattr("okr_workbook.actions.doctor.installed_version", lambda _package: installed)
    findings = doctor(a_machine(tmp_path, "linux", environment=environment))
    told = {one.id: one for one in findings if one.id in ("smtp_password", "microsoft365")}
    assert {name: one.state for name, one in told.items()} == expected
    shown = json.dumps(doctor_json(list(told.values()), labels_for("en")))
    assert "secret" not in shown
    assert ("pip install" in shown) == ("to_do" in expected.values())


def test_a_mac_before_and_after(tmp_path):
    machine = a_machine(tmp_path, "darwin")
    (tmp_path / "Applications" / "Microsoft Excel.app").mkdir()
    before = states(machine)
    assert (before["excel"], before["addin"], before["apple_script"], before["interpreter"]) == ("fine", *["to_do"] * 3)
    commands = []

    def run(command):
        commands.append(command[-2:])
        machine.addin.write_bytes(package_file("xlwings", "addin/xlwings.xlam").read_bytes())
        make(machine.apple_script)
        return True, ""

    make(machine.addin, "the add-in of an older xlwings")
    assert states(machine)["addin_version"] == "to_do"

    make(machine.xlwings_settings, '"SHOW CONSOLE","True"\n"INTERPRETER_MAC","python"\n')
    assert [(step.id, step.outcome) for step in set_up(machine, run)] == [
        ("addin", "done"), ("interpreter", "done"), ("lean_start", "done"),
    ]  # fmt: skip
    assert commands == [["addin", "install"]]
    assert machine.xlwings_settings.read_text() == '"SHOW CONSOLE","True"\n"INTERPRETER_MAC","/py/bin/python"\n'
    after = states(machine)
    assert {after[name] for name in ("addin", "addin_version", "apple_script", "interpreter", "lean_start")} == {"fine"}
    assert {step.outcome for step in set_up(machine, run)} == {"already"}


def test_an_add_in_that_xlwings_did_not_copy_is_no_success(tmp_path):
    """xlwings exits with 0 where Excel is open and holds the file."""
    machine = a_machine(tmp_path, "darwin")
    (tmp_path / "Applications" / "Microsoft Excel.app").mkdir()
    said = "Error: Failed to install the add-in: If Excel is running, quit Excel and try again."
    step = set_up(machine, lambda command: (True, said))[0]
    assert (step.id, step.outcome, step.details["reason"]) == ("addin", "failed", said)


def test_a_mac_that_shows_nothing_of_excels_stops_neither_doctor_nor_setup(tmp_path):
    """macOS asks whether a terminal may use what belongs to Excel. A no is an error wherever a file is looked at."""
    machine = a_machine(tmp_path, "darwin", home=tmp_path / ("a name too long for any system" * 10))
    (tmp_path / "Applications" / "Microsoft Excel.app").mkdir()
    found = states(machine)
    assert {found[name] for name in ("addin", "apple_script", "interpreter")} == {"to_do"}
    steps = {step.id: step.outcome for step in set_up(machine, lambda command: (False, "Operation not permitted"))}
    assert {steps[name] for name in ("addin", "apple_script", "interpreter", "other_apps")} == {"failed"}
    assert steps["lean_start"] == "done"


def test_windows_without_excel_says_so(tmp_path):
    found = states(a_machine(tmp_path, "win32", environment={"PATH": "", "OneDrive": r"C:\Users\ann\OneDrive"}))
    assert (found["excel"], found["addin"], found["onedrive"]) == ("to_do", "to_do", "fine")


def a_store_python(folder):
    return a_machine(
        folder, "win32", base_prefix=Path("/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.11")
    )


def test_a_python_of_the_microsoft_store_is_told(tmp_path):
    assert states(a_store_python(tmp_path))["store_python"] == "to_do"
    assert "store_python" not in states(a_machine(tmp_path, "win32"))


ACCENTED = r"C:\Users\Éric\AppData\Local\Programs\Python\Python311\python.exe"


class WithExcel(Machine):
    excel = "Excel.Application.16"


def a_windows_with_excel(folder, **changes):
    return WithExcel(*a_machine(folder, "win32", interpreter=ACCENTED, **changes))


def interpreter_step(machine):
    return next(step for step in set_up(machine, lambda command: (True, "")) if step.id == "interpreter")


def test_on_windows_the_settings_are_written_as_macros_read_them(tmp_path):
    machine = a_windows_with_excel(tmp_path)
    make(machine.xlwings_settings, "")
    machine.xlwings_settings.write_bytes('"PYTHONPATH","C:\\Users\\Éric\\code\x81"\r\n'.encode("latin-1"))
    assert states(machine)["interpreter"] == "to_do"
    assert interpreter_step(machine).outcome == "done"
    first, second = machine.xlwings_settings.read_bytes().splitlines()
    assert first == '"PYTHONPATH","C:\\Users\\Éric\\code\x81"'.encode("latin-1")
    assert second == f'"INTERPRETER_WIN","{ACCENTED}"'.encode("cp1252")
    assert (interpreter_step(machine).outcome, states(machine)["interpreter"]) == ("already", "fine")


def test_settings_that_an_older_version_wrote_are_written_anew(tmp_path):
    machine = a_windows_with_excel(tmp_path)
    make(machine.xlwings_settings, f'"INTERPRETER_WIN","{ACCENTED}"\n')  # in UTF-8
    assert (states(machine)["interpreter"], interpreter_step(machine).outcome) == ("to_do", "done")
    assert machine.xlwings_settings.read_bytes() == f'"INTERPRETER_WIN","{ACCENTED}"\n'.encode("cp1252")


def test_a_path_that_no_macro_can_read_is_told(tmp_path):
    machine = a_windows_with_excel(tmp_path)._replace(interpreter=r"C:\計画\python.exe")
    step = interpreter_step(machine)
    assert step.outcome == "failed"
    assert "計画" in step_line(step, labels_for("en"))


def test_odd_bytes_in_settings_stop_neither_doctor_nor_setup(tmp_path, with_libreoffice):
    odd = b"\xff\xfe\x80"
    for machine in (a_machine(tmp_path, "darwin"), with_libreoffice):
        for file in (machine.xlwings_settings, interpreter_note(machine.home), machine.profile / "registrymodifications.xcu",
                     machine.package_folders[0] / LEAN_START):  # fmt: skip
            make(file)
            file.write_bytes(odd + file.read_bytes())
        json.dumps(doctor_json(doctor(machine), labels_for("en"))).encode()
        assert set_up(machine, lambda command: (True, ""))
    assert (with_libreoffice.profile / "registrymodifications.xcu").read_bytes().startswith(odd)


def test_the_quick_start_goes_where_packages_are_and_no_longer_where_windows_looks_first(tmp_path):
    machine = a_windows_with_excel(tmp_path)
    make(tmp_path / LEAN_START, LEAN_START_LINE)
    set_up(machine, lambda command: (True, ""))
    assert not (tmp_path / LEAN_START).exists()
    assert machine.lean_start == tmp_path / "packages" / LEAN_START


def test_where_pythons_own_packages_are_read_only_the_quick_start_goes_to_the_users(tmp_path):
    (tmp_path / "file").touch()
    machine = a_windows_with_excel(tmp_path, package_folders=(tmp_path / "file", tmp_path / "own packages"))
    set_up(machine, lambda command: (True, ""))
    assert machine.lean_start == tmp_path / "own packages" / LEAN_START
    machine = machine._replace(package_folders=(tmp_path / "file",))
    assert [step.outcome for step in set_up(machine, lambda command: (True, "")) if step.id == "lean_start"] == [
        "failed"
    ]


def test_this_machines_packages_are_where_pip_puts_them():
    here = Machine.here()
    assert here.package_folders[0] == Path(sysconfig.get_path("purelib"))
    assert here.prefix not in here.package_folders


def test_linux_has_no_excel_and_needs_none(tmp_path):
    machine = a_machine(tmp_path, "linux")
    assert states(machine)["excel"] == "not_here"
    assert states(machine)["libreoffice"] == "not_here"
    assert set_up(machine) == []


def test_a_failed_step_says_why(tmp_path):
    machine = a_machine(tmp_path, "darwin")
    (tmp_path / "Applications" / "Microsoft Excel.app").mkdir()
    step = set_up(machine, lambda command: (False, "Excel is open."))[0]
    assert step_line(step, labels_for("en")).startswith("The xlwings add-in could not be installed: Excel is open.")


@pytest.fixture
def with_libreoffice(tmp_path):
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return a_machine(tmp_path, "linux")


def test_libreoffice_before_and_after(with_libreoffice):
    assert states(with_libreoffice)["libreoffice_buttons"] == "to_do"
    assert [(step.id, step.outcome) for step in set_up(with_libreoffice)] == [("note", "done"), ("listening", "done")]
    assert states(with_libreoffice)["libreoffice_buttons"] == "fine"
    assert {step.outcome for step in set_up(with_libreoffice)} == {"already"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_home_that_cannot_be_written_to_is_told(with_libreoffice, language):
    with_libreoffice.home.rmdir()
    make(with_libreoffice.home)  # a file: no folder can be made in it
    steps = set_up(with_libreoffice)
    assert [(step.id, step.outcome) for step in steps] == [("note", "failed"), ("profile", "failed")]
    assert all("Not a directory" in step_line(step, labels_for(language)) for step in steps)


def a_snap(folder):
    program = folder / "snap" / "bin" / "libreoffice"
    make(program, "#!/bin/sh\n")
    program.chmod(0o755)
    return a_machine(folder, "linux", environment={"PATH": str(program.parent)})


def test_a_libreoffice_that_is_shut_in_is_told(tmp_path):
    machine = a_snap(tmp_path)
    assert states(machine)["shut_in"] == "to_do"
    assert [(step.id, step.outcome) for step in set_up(machine)] == [("shut_in", "failed")]


def test_a_running_libreoffice_is_left_alone(with_libreoffice):
    make(with_libreoffice.profile / ".lock")
    assert [(step.id, step.outcome) for step in set_up(with_libreoffice)][1] == ("listening", "failed")
    assert not listens(with_libreoffice.profile)


def test_the_users_other_settings_of_libreoffice_stay(tmp_path):
    settings = '<?xml version="1.0"?>\n<oor:items xmlns:oor="x">\n<item>mine</item>\n</oor:items>\n'
    make(tmp_path / "registrymodifications.xcu", settings)
    assert let_it_listen(tmp_path)
    text = (tmp_path / "registrymodifications.xcu").read_text(encoding="utf-8")
    assert "<item>mine</item>" in text
    assert text.count("ooSetupConnectionURL") == 1
    assert not let_it_listen(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_and_step_has_its_words(language, tmp_path, with_libreoffice):
    labels = labels_for(language)
    machines = [with_libreoffice, a_machine(tmp_path, "darwin"), a_machine(tmp_path, "win32"), Machine.here()]
    machines += [a_store_python(tmp_path), a_snap(tmp_path)]
    for machine in machines:
        for finding in doctor(machine):
            sentence, todo = finding_lines(finding, labels)
            assert sentence
            assert bool(todo) == (finding.state == "to_do")
        json.dumps(doctor_json(doctor(machine), labels))
    json.dumps(setup_json(set_up(with_libreoffice), labels))
    json.dumps(setup_json(set_up(a_snap(tmp_path)), labels))


def test_profiles_lie_where_libreoffice_keeps_them(tmp_path):
    assert profile_folder(tmp_path) == tmp_path / ".config/libreoffice/4/user"


def test_the_lean_start_serves_our_clicks_and_nobody_elses(tmp_path):
    """The line of `okr setup`, in a folder that Python reads such files from, with RunPython's own command."""
    (tmp_path / LEAN_START).write_text(LEAN_START_LINE)

    def heavy(command):
        code = f"import site; site.addsitedir({str(tmp_path)!r}); import xlwings.utils; {command}"
        code += "; import sys; print(sorted({'numpy', 'pandas'} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    assert heavy("from okr_workbook.excel.buttons import refresh") == "[]"
    assert heavy("from math import pi") == "['numpy', 'pandas']"


@pytest.mark.parametrize(
    "fullname",
    ["https://contoso.sharepoint.com/sites/team/plan.xlsm", "https://d.docs.live.net/1/plan.xlsm", "/x/plan.xlsm"],
)
def test_runpythons_first_step_keeps_no_click_from_starting(tmp_path, fullname):
    """For a workbook that is only online it raises, and the folder of any other must not get in front of ours."""
    (tmp_path / LEAN_START).write_text(LEAN_START_LINE)
    code = f"import site, sys; site.addsitedir({str(tmp_path)!r}); import xlwings.utils; before = list(sys.path)\n"
    code += f"xlwings.utils.prepare_sys_path('true;{fullname};{fullname};;;;/mine;')\n"
    code += "from okr_workbook.excel.buttons import refresh; assert sys.path == ['/mine', *before]"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OneDrive")}
    subprocess.run([sys.executable, "-B", "-c", code], check=True, env=environment)
