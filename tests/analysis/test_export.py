"""Tables as CSV, Parquet and JSON are read back by real readers and equal the database; mistakes are one line."""

import csv
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import example_run
import example_sweep
from analysis import export

ROOT = Path(__file__).resolve().parents[2]
TABLES = {"cells": "cell", "rounds": "round", "targets": "target"}
SWEEP = {
    "methods": ("fp32", "top-k 1 %"), "rates_mbps": (0.5, 5), "seeds": 2, "max_rounds": 40, "budget_s": 60,
    "failed": (1,), "waiting": (7,),
}  # fmt: skip


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return example_sweep.make(tmp_path_factory.mktemp("export") / "sweep", **SWEEP)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return example_run.make(tmp_path_factory.mktemp("export") / "run", rounds=30)


def rows(folder, table, file="sweep.db"):
    with sqlite3.connect(folder / file) as connection:
        connection.row_factory = sqlite3.Row
        key = ", ".join({"cell": ["cell"], "round": ["cell", "round"], "target": ["cell", "target"]}[table])
        return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY {key}')]


def exported(folder, kind):
    out = folder / "out" / kind
    assert export.main([str(folder), "--format", kind, "--out", str(out)]) == 0
    return out


@pytest.mark.parametrize("name", TABLES)
def test_csv_equals_the_database(sweep, name):
    with open(exported(sweep, "csv") / f"{name}.csv", newline="") as file:
        found = list(csv.DictReader(file))
    expected = rows(sweep, TABLES[name])
    assert len(found) == len(expected) > 0
    for row, wanted in zip(found, expected):
        for column, value in wanted.items():
            if isinstance(value, float):
                assert float(row[column]) == value
            else:
                assert row[column] == ("" if value is None else str(value))
    if name == "cells":
        assert found[0]["axis.network"] == "0.5 Mbit/s" and found[0]["axis.method"] == "fp32"


def test_in_csv_nothing_is_not_the_same_as_an_empty_text(sweep):
    line = (exported(sweep, "csv") / "cells.csv").read_text().splitlines()[1]
    assert ',"",' in line and ",," in line  # link_independence is '', reason is NULL


@pytest.mark.parametrize("name", TABLES)
def test_parquet_equals_the_database_in_values_and_types(sweep, name):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(exported(sweep, "parquet") / f"{name}.parquet")
    found, expected = table.to_pylist(), rows(sweep, TABLES[name])
    assert [{key: row[key] for key in expected[0]} for row in found] == expected
    assert str(table.schema.field("cell").type) == "int64"
    assert json.loads(table.schema.metadata[b"telegrad"])["axes"][0]["name"] == "network"
    if name == "rounds":
        assert str(table.schema.field("validation_accuracy").type) == "double"


def test_parquet_is_read_by_pandas(sweep):
    import pandas

    frame = pandas.read_parquet(exported(sweep, "parquet") / "rounds.parquet")
    assert frame["validation_accuracy"].notna().sum() == sum(
        row["validation_accuracy"] is not None for row in rows(sweep, "round")
    )


def test_json_describes_itself_and_equals_the_database(sweep):
    found = json.loads((exported(sweep, "json") / "export.json").read_text())
    assert (found["format"], found["version"], found["kind"]) == ("telegrad export", 1, "sweep")
    assert found["meta"]["baselines"] == ["fp32", "fp16"]
    for name, table in found["tables"].items():
        names = [column["name"] for column in table["columns"]]
        expected = rows(sweep, TABLES[name])
        assert [{key: dict(zip(names, row))[key] for key in expected[0]} for row in table["rows"]] == expected
    (column,) = (c for c in found["tables"]["targets"]["columns"] if c["name"] == "by_s")
    assert column["type"] == "number" and column["unit"] == "s, simulated"


@pytest.mark.parametrize("kind", ["csv", "parquet", "json"])
def test_a_single_run_is_a_sweep_of_one(run, kind):
    out = exported(run, kind)
    if kind == "csv":
        with open(out / "rounds.csv", newline="") as file:
            found = list(csv.DictReader(file))
        assert [row["cell"] for row in found] == ["0"] * 30
        assert [float(row["simulated_s"]) for row in found] == simulated(run)
        with open(out / "targets.csv", newline="") as file:
            assert [row["target"] for row in csv.DictReader(file)] == ["0.7", "0.8", "0.95"]
    elif kind == "parquet":
        import pyarrow.parquet

        (cell,) = pyarrow.parquet.read_table(out / "cells.parquet").to_pylist()
        assert (cell["rounds"], cell["training_seed"], cell["status"]) == (30, 1, "done")
    else:
        found = json.loads((out / "export.json").read_text())
        assert found["kind"] == "run" and len(found["tables"]["rounds"]["rows"]) == 30


def simulated(run):
    with sqlite3.connect(run / "results.db") as connection:
        return [row[0] for row in connection.execute("SELECT simulated_s FROM round ORDER BY round")]


def called(*arguments):
    command = [sys.executable, str(ROOT / "analysis" / "export.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["{}/nowhere", "--format", "csv"], "no such folder"),
        (["{}", "--format", "csv"], "holds no results.db and no sweep.db"),
        (["{}", "--format", "xml"], "invalid choice: 'xml'"),
        (["{}"], "--format"),
        ([], "DIR"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(tmp_path, arguments, words):
    result = called(*(argument.format(tmp_path) for argument in arguments))
    assert result.returncode == 2 and result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("export: ") and "expected" in line and words in line


def test_a_damaged_sweep_is_one_line_and_exit_2(tmp_path):
    (tmp_path / "sweep.db").write_bytes(b"no database at all" * 100)
    result = called(tmp_path, "--format", "json")
    assert result.returncode == 2 and len(result.stderr.splitlines()) == 1 and "sweep.db" in result.stderr


def test_a_folder_that_cannot_be_written_is_one_line_and_exit_2(tmp_path, run):
    (tmp_path / "file").write_text("in the way")
    result = called(run, "--format", "csv", "--out", tmp_path / "file")
    assert result.returncode == 2 and "cannot be written" in result.stderr


def test_the_command_says_where_it_wrote(run):
    result = called(run, "--format", "tensorboard")
    assert result.returncode == 0 and result.stdout == f"export: 1 file in {run / 'export' / 'tensorboard'}\n"
