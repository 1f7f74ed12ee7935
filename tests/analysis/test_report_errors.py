"""Wrong input: one line that says what, where, expected and remedy; exit 2; nothing is written."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from example_run import make

ROOT = Path(__file__).resolve().parents[2]


def report(folder):
    return subprocess.run(
        [sys.executable, str(ROOT / "analysis" / "report.py"), str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
    )


def change(folder, *statements):
    with sqlite3.connect(folder / "results.db") as connection:
        for statement in statements:
            connection.execute(*statement)
    connection.close()


def refused(folder, *words):
    result = report(folder)
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("report: ") and "expected" in line
    for word in (str(folder), *words):
        assert word in line
    assert not (folder / "report.html").exists()


def test_no_such_folder(tmp_path):
    refused(tmp_path / "nowhere", "no such folder", "--out")


def test_a_folder_without_database(tmp_path):
    refused(tmp_path, "holds no results.db")


@pytest.mark.parametrize("content", [b"", b"not a database at all, whatever its name says\n" * 50])
def test_a_file_that_is_no_database(tmp_path, content):
    (tmp_path / "results.db").write_bytes(content)
    refused(tmp_path, "results.db")


@pytest.mark.parametrize("table", ["meta", "node", "round", "message", "span"])
def test_a_missing_table(tmp_path, table):
    folder = make(tmp_path / "run", rounds=2)
    change(folder, (f"DROP TABLE {table}",))
    refused(folder, f"table '{table}' is missing")


def test_a_missing_column(tmp_path):
    folder = make(tmp_path / "run", rounds=2)
    change(folder, ("ALTER TABLE round DROP COLUMN up_on_air_bytes",))
    refused(folder, "column up_on_air_bytes of table 'round' is missing")


@pytest.mark.parametrize("version", [4, None, "one"])
def test_another_schema_version(tmp_path, version):
    folder = make(tmp_path / "run", rounds=2)
    change(folder, ("UPDATE meta SET value = ? WHERE key = 'schema_version'", (json.dumps(version),)))
    refused(folder, f"schema_version is {json.dumps(version)}", "expected 1 to 3")


def test_a_damaged_database(tmp_path):
    folder = make(tmp_path / "run", rounds=20)
    data = (folder / "results.db").read_bytes()
    (folder / "results.db").write_bytes(data[: len(data) // 2])
    refused(folder, "cannot be read")


def test_a_folder_that_cannot_be_written(tmp_path):
    folder = make(tmp_path / "run", rounds=2)
    (folder / "figures").write_text("in the way")
    refused(folder, "cannot be written")
