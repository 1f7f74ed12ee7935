"""A real sweep: its database, its page and its exports say the same."""

import csv
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys

import pytest
from program import BINARY, SOURCE, telegrad, write

sys.path.insert(0, str(SOURCE / "tests" / "analysis"))

from browser import opened  # noqa: E402
from example_sweep_schema import SCHEMA  # noqa: E402

DENSE = {"/compression": {"uplink": {"type": "dense"}, "downlink": {"type": "dense"}}}
TOP = {"/compression": {"uplink": {"type": "top_k", "ratio": 0.1}, "downlink": {"type": "union_sparse"}}}
PARTS = ("compute", "straggler", "encode", "queueing", "air", "retransmission", "closing", "downlink", "decode")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two methods over two shaped Wi-Fi links with three seeds, and the page of it."""
    place = tmp_path_factory.mktemp("sweep")
    base = json.loads((SOURCE / "scenarios" / "quick.json").read_text()) | {
        "network": {"type": "wifi", "placement": {"type": "disc", "radius_m": 5}}, "stop": {"max_rounds": 60}}
    grid = {"name": "small", "base": base, "seeds": 3, "targets": [0.5, 0.56],
            "axes": {"/network/device_rate_mbps": [0.1, 5], "method": {"dense": DENSE, "top": TOP}}}
    result = telegrad("sweep", write(place, grid, "grid.json"), "--out", place / "out", "--store", place / "store")
    assert result.returncode == 0, result.stderr
    assert "page: report.html" in result.stdout
    return place / "out"


def query(folder, sql):
    with sqlite3.connect(f"file:{folder}/sweep.db?mode=ro", uri=True) as database:
        return database.execute(sql).fetchall()


def test_the_parts_of_every_round_sum_to_it(folder):
    total = "+".join(f"{part}_s" for part in PARTS)
    rows = query(folder, f"SELECT simulated_s - begin_s, {total}, queueing_s, air_s FROM round")
    assert len(rows) == 12 * 60
    for duration, parts, queueing, air in rows:
        assert parts == pytest.approx(duration, abs=1e-9)
        assert queueing >= 0 and air > 0


def test_the_page_opens_without_a_word_and_shows_what_the_database_holds(folder):
    with opened(folder / "report.html") as page:
        text = page.inner_text("body")
    assert "reached first by" in text and "12 runs" in text.replace("\n", " ")
    with open(folder / "figures" / "crossover_map.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = query(folder, "SELECT labels, target, by_s FROM cell JOIN target USING (cell) WHERE reached")
    assert cells
    for row in rows:
        known = [by for labels, target, by in cells
                 if float(row["target"]) == target and json.loads(labels) == {
                     "device_rate_mbps": row["point"], "method": row["method"]}]
        if len(known) == 3:
            assert float(row["median_s_least"]) == pytest.approx(statistics.median(known))


def test_the_database_has_the_tables_that_the_report_is_tested_with(folder):
    example = sqlite3.connect(":memory:")
    example.executescript(SCHEMA)
    for table in ("meta", "cell", "round", "target"):
        def columns(database):
            return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        with sqlite3.connect(folder / "sweep.db") as real:
            assert columns(real) == columns(example), table


@pytest.mark.parametrize("format", ["csv", "parquet", "json", "tensorboard"])
def test_exports_are_read_back_by_the_real_readers(folder, tmp_path, format):
    result = telegrad("export", folder, "--format", format, "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    losses = [row[0] for row in query(folder, "SELECT train_loss FROM round ORDER BY cell, round")]
    out = tmp_path / "out"
    if format == "tensorboard":
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        runs = sorted({file.parent for file in out.rglob("*tfevents*")})
        assert len(runs) == 12
        reader = EventAccumulator(str(runs[0]), size_guidance={"scalars": 0}).Reload()
        assert reader.Tags()["scalars"]
    elif format == "json":
        assert json.loads(next(out.rglob("*.json")).read_text())
    else:
        import pandas

        read = pandas.read_csv if format == "csv" else pandas.read_parquet
        table = read(next(out.rglob(f"rounds.{format}")))
        assert sorted(table["train_loss"]) == pytest.approx(sorted(losses))


def test_another_binary_misses_the_store(folder, tmp_path):
    for file in ("telegrad", "libtelegrad_core.so", "libtelegrad_training.so"):
        shutil.copy2(BINARY.parent / file, tmp_path / file)
    again = [tmp_path / "telegrad", "sweep", folder.parent / "grid.json", "--store", folder.parent / "store", "--dry-run"]
    assert "12 cells, 12 cached" in subprocess.run(again, capture_output=True, text=True).stdout
    with open(tmp_path / "libtelegrad_training.so", "ab") as library:
        library.write(b"\0")
    assert "12 cells, 0 cached" in subprocess.run(again, capture_output=True, text=True).stdout
