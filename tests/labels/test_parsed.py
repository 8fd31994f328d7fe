"""The words parsed once: a copy is used while it is the source's, and never believed when it is not."""

from __future__ import annotations

import marshal
import os
import sys

import pytest

from okr_workbook.labels.parsed import parsed_toml


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "words.toml"
    path.write_text('[a]\nb = "é"\n', encoding="utf-8")
    return path


def copy_of(source):
    return source.parent / "__pycache__" / f"words.toml.{sys.implementation.cache_tag}"


def test_a_copy_is_kept_and_used(source):
    assert parsed_toml(str(source)) == {"a": {"b": "é"}}
    state = source.stat()
    copy_of(source).write_bytes(marshal.dumps(((state.st_mtime_ns, state.st_size), {"from": "the copy"})))
    assert parsed_toml(str(source)) == {"from": "the copy"}
    assert [path.name for path in copy_of(source).parent.iterdir()] == [copy_of(source).name]


@pytest.mark.parametrize("change", ["size", "time"])
def test_a_changed_source_is_parsed_anew(source, change):
    parsed_toml(str(source))
    if change == "size":
        source.write_text('[a]\nb = "other"\n', encoding="utf-8")
    else:
        source.write_text('[a]\nb = "è"\n', encoding="utf-8")
        os.utime(source, ns=(1, source.stat().st_mtime_ns + 1_000))
    assert parsed_toml(str(source))["a"]["b"] == ("other" if change == "size" else "è")


@pytest.mark.parametrize(
    "broken", [b"", b"garbage", marshal.dumps(5), marshal.dumps((1, 2, 3)), marshal.dumps(((1, 2), 3))[:-3]]
)
def test_a_broken_copy_is_parsed_anew(source, broken):
    parsed_toml(str(source))
    copy_of(source).write_bytes(broken)
    assert parsed_toml(str(source)) == {"a": {"b": "é"}}


def test_where_no_copy_can_be_written_the_words_are_there_all_the_same(source):
    copy_of(source).parent.write_text("a file stands in the way")
    assert parsed_toml(str(source)) == {"a": {"b": "é"}}
    copy_of(source).parent.unlink()
    copy_of(source).mkdir(parents=True)  # the last step fails, and nothing is left over
    assert parsed_toml(str(source)) == {"a": {"b": "é"}}
    assert [path.name for path in copy_of(source).parent.iterdir()] == [copy_of(source).name]


def test_python_told_to_write_no_bytecode_writes_no_copy(source, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert parsed_toml(str(source)) == {"a": {"b": "é"}}
    assert not copy_of(source).parent.exists()
