"""A real run, its database and its page: the numbers a reader sees are those that the simulator wrote."""

import os
import sqlite3
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "analysis"))

from browser import opened  # noqa: E402

BINARY = os.environ.get("TELEGRAD_BINARY") or str(ROOT / "build" / "bin" / "telegrad")
SMALLER = {
    "/workers": 4,
    "/stop/max_rounds": 12,
    "/evaluation/every_rounds": 4,
    "/evaluation/targets": "[0.2, 0.99]",
}
ROUNDS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "small"
    overrides = [part for pointer, value in SMALLER.items() for part in ("--set", f"{pointer}={value}")]
    command = [BINARY, "run", str(ROOT / "scenarios" / "first.json"), "--out", str(out), *overrides]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def query(folder):
    connection = sqlite3.connect(folder / "results.db")
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()


@pytest.fixture(scope="module")
def page(folder):
    with opened(folder / "report.html") as page:
        yield page


def value(page, key):
    return float(page.locator(f'[data-key="{key}"]').first.get_attribute("data-value"))


def test_the_run_made_page_and_pictures(folder):
    assert (folder / "report.html").stat().st_size < 8_000_000
    names = ("learning", "anatomy", "timeline", "rounds", "messages", "partition", "placement")
    for name in names:
        assert (folder / "figures" / f"{name}.png").is_file() and (
            folder / "figures" / f"{name}.svg"
        ).is_file()


def test_every_figure_is_drawn(page):
    assert page.locator(".plot .main-svg").count() >= 7
    assert page.locator(".status").get_attribute("data-status") == "done"


def test_rounds_and_times(page, query):
    rows = query("SELECT begin_s, simulated_s FROM round ORDER BY round")
    assert value(page, "rounds") == len(rows) == ROUNDS
    assert value(page, "simulated_s") == rows[-1][1]
    median = statistics.median_low([end - begin for begin, end in rows])
    assert value(page, "median_round_s") == pytest.approx(median, abs=1e-9)


def test_bytes_and_losses(page, query):
    for kind in ("information_bits", "serialised_bytes", "control_bytes", "on_air_bytes"):
        for leg in ("up", "down"):
            known, total = query(f"SELECT count({leg}_{kind}), sum({leg}_{kind}) FROM round")[0]
            if known == ROUNDS:
                assert value(page, f"{leg}_round_{kind}") == total / ROUNDS
    assert query("SELECT sum(up_serialised_bytes) FROM round")[0][0] > 0
    for leg in ("up", "down"):
        blocks, lost = query(f"SELECT sum(blocks), sum(lost_blocks) FROM message WHERE purpose = '{leg}'")[0]
        assert (value(page, f"{leg}_blocks"), value(page, f"{leg}_lost_blocks")) == (blocks, lost)


def test_accuracies_and_targets(page, query):
    for split in ("validation", "test"):
        evaluated = query(
            f"SELECT {split}_accuracy FROM round WHERE {split}_accuracy IS NOT NULL ORDER BY round"
        )
        assert value(page, f"final_{split}_accuracy") == evaluated[-1][0]
    assert page.locator("[data-target]").count() == 2
    assert page.locator('[data-target="1"]').get_attribute("data-reached") == "no"


def test_the_phases_of_every_round_sum_to_its_time(folder, page, query):
    sys.path.insert(0, str(ROOT))
    from analysis import critical_path, database

    run = database.load(folder)
    paths = critical_path.paths(run)
    assert len(paths) == ROUNDS
    lengths = [sum(end - begin for _, _, begin, end in path) for path in paths.values()]
    assert lengths == (run.rounds["end_ns"] - run.rounds["start_ns"]).tolist()
    steps = critical_path.table(paths)
    for step in ("gradient", "air up", "air down"):
        assert steps[step].min() > 0
    assert steps["wait"].sum() < 0.05 * steps.to_numpy().sum()
    phases = ("gradient", "encode", "queue", "air", "closing", "wait", "fold", "decode", "apply")
    means = [value(page, f"{phase}_mean_s") for phase in phases if has(page, f"{phase}_mean_s")]
    assert sum(means) == pytest.approx(sum(lengths) / 1e9 / ROUNDS, abs=1e-9)


def has(page, key):
    return page.locator(f'[data-key="{key}"]').first.get_attribute("data-value") != ""
