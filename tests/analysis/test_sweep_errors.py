"""A sweep.db that cannot be read: one line that says what, where, expected and remedy; exit 2; nothing is written."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from example_sweep import make

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "methods": ("fp32", "top-k 1 %"),
    "rates_mbps": (1,),
    "seeds": 1,
    "max_rounds": 20,
    "targets": (0.3,),
}


def called(*arguments):
    command = [sys.executable, str(ROOT / "analysis" / arguments[0]), *map(str, arguments[1:])]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def change(folder, *statement):
    with sqlite3.connect(folder / "sweep.db") as connection:
        connection.execute(*statement)
    connection.close()


def refused(folder, *words):
    result = called("report.py", folder)
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("report: ") and "expected" in line
    for word in (str(folder), *words):
        assert word in line
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize("content", [b"", b"not a database at all, whatever its name says\n" * 50])
def test_a_file_that_is_no_database(tmp_path, content):
    (tmp_path / "sweep.db").write_bytes(content)
    refused(tmp_path, "sweep.db")


@pytest.mark.parametrize("table", ["meta", "cell", "round", "target"])
def test_a_missing_table(tmp_path, table):
    change(make(tmp_path, **SMALL), f"DROP TABLE {table}")
    refused(tmp_path, f"table '{table}' is missing")


def test_a_missing_column(tmp_path):
    change(make(tmp_path, **SMALL), "ALTER TABLE round DROP COLUMN retransmission_s")
    refused(tmp_path, "column retransmission_s of table 'round' is missing")


@pytest.mark.parametrize("version", [2, None, "one"])
def test_another_schema_version(tmp_path, version):
    change(
        make(tmp_path, **SMALL),
        "UPDATE meta SET value = ? WHERE key = 'schema_version'",
        (json.dumps(version),),
    )
    refused(tmp_path, f"schema_version is {json.dumps(version)}", "expected 1")


@pytest.mark.parametrize(
    "statement, words",
    [
        ("DELETE FROM meta WHERE key = 'axes'", "meta 'axes'"),
        ("UPDATE meta SET value = '[{\"name\": \"x\"}]' WHERE key = 'axes'", "meta 'axes'"),
        ("UPDATE meta SET value = '\"speed\"' WHERE key = 'network_axis'", "'network_axis' is \"speed\""),
        ("UPDATE cell SET labels = 'broken' WHERE cell = 1", "labels of cell 1"),
    ],
)
def test_a_meta_table_or_labels_that_make_no_sense(tmp_path, statement, words):
    change(make(tmp_path, **SMALL), statement)
    refused(tmp_path, words)


def test_a_damaged_database(tmp_path):
    folder = make(tmp_path, **SMALL | {"max_rounds": 200})
    data = (folder / "sweep.db").read_bytes()
    (folder / "sweep.db").write_bytes(data[: len(data) // 2])
    refused(folder, "cannot be read")


def test_a_folder_that_cannot_be_written(tmp_path):
    (make(tmp_path, **SMALL) / "figures").write_text("in the way")
    refused(tmp_path, "cannot be written")


def test_the_command_writes_the_report_of_a_sweep(tmp_path):
    result = called("report.py", make(tmp_path, **SMALL))
    assert result.returncode == 0, result.stderr
    assert "3 pictures" in result.stdout and (tmp_path / "report.html").is_file()


def test_a_sweep_that_is_being_written_is_read(tmp_path):
    folder = make(tmp_path, **SMALL)
    writer = sqlite3.connect(folder / "sweep.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE cell SET status = 'failed'")
    try:
        assert called("report.py", folder).returncode == 0
    finally:
        writer.close()
    assert "all 2 runs" in (folder / "report.html").read_text()
