"""Times to target, ratios and anatomy of a sweep against its database: what is known, and what is only bounded."""

import math
import sqlite3

import pytest

from analysis.sweep import database, grid, labels, study, times
from analysis.sweep.anatomy import WHOLE, anatomies
from analysis.sweep.parts import PARTS
from analysis.sweep.ranges import Range
from analysis.sweep.ratios import best_dense, over_dense, paired
from analysis.sweep.tables import tables
from example_sweep import make

SMALL = {"methods": ("fp32", "fp16", "top-k 1 %"), "rates_mbps": (0.5, 5, 54)}


def loaded(folder, **settings):
    return grid.arrange(database.load(make(folder, **SMALL | settings)))


def plain(text):
    return text.replace("\u202f", " ")


def change(folder, *statements):
    with sqlite3.connect(folder / "sweep.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_the_median_is_that_of_the_database(tmp_path):
    view = times.view(loaded(tmp_path), 0, 0.8)
    with sqlite3.connect(tmp_path / "sweep.db") as connection:
        rows = connection.execute(
            "SELECT by_s FROM target JOIN cell USING (cell) WHERE target = 0.8 AND reached"
            " AND labels LIKE '%5 Mbit/s%top-k%' AND labels NOT LIKE '%0.5%' ORDER BY by_s"
        ).fetchall()
    entry = view.entry("top-k 1 %", "5 Mbit/s")
    assert len(rows) == 5 and entry.median == Range(rows[2][0], rows[2][0])
    assert (entry.low.low, entry.high.low) == (rows[1][0], rows[3][0])


def test_a_budget_that_was_too_small_is_said_and_bounds_the_ratio(tmp_path):
    view = times.view(loaded(tmp_path, budget_s=60), 0, 0.8)
    dense, sparse = view.entry("fp16", "0.5 Mbit/s"), view.entry("top-k 1 %", "0.5 Mbit/s")
    assert dense.censored and not sparse.censored and dense.reached == 0
    assert plain(labels.median(dense)).startswith("> 5") and labels.counts(dense) == "0/5 reached"
    found = over_dense(view)["top-k 1 %", "0.5 Mbit/s"]
    assert found.bounded == ">" and found.low is None and found.verdict == 1
    assert found.shown <= 60 / sparse.median.low + 1e-9
    assert labels.speedup(found).startswith("> ")


def test_half_the_runs_cut_off_are_too_many_for_a_median(tmp_path):
    folder = tmp_path / "run"
    loaded(folder, seeds=4)
    change(folder, "UPDATE target SET reached = 0, by_s = NULL WHERE cell IN (SELECT cell FROM cell"
           " WHERE labels LIKE '%\"54 Mbit/s%fp32%' AND training_seed <= 2)")  # fmt: skip
    entry = times.view(grid.arrange(database.load(folder)), 0, 0.8).entry("fp32", "54 Mbit/s")
    assert (entry.reached, entry.done, entry.censored) == (2, 4, True)


def test_a_failed_run_counts_in_nothing_but_is_counted(tmp_path):
    view = times.view(loaded(tmp_path, failed=(40,), set_aside=(41,), waiting=(42,)), 0, 0.8)
    entry = view.entry("top-k 1 %", "54 Mbit/s")
    assert (entry.done, entry.broken, entry.pending) == (2, 2, 1)
    assert labels.counts(entry) == "2/2 reached, 2 failed, 1 to come"


def test_the_reference_is_the_best_dense_of_every_seed(tmp_path):
    view = times.view(loaded(tmp_path), 0, 0.8)
    fp32, fp16 = (view.entry(name, "54 Mbit/s").times for name in ("fp32", "fp16"))
    assert best_dense(view, "54 Mbit/s") == {
        pair: Range(*[min(fp32[pair].low, fp16[pair].low)] * 2) for pair in fp32
    }


def test_the_interval_of_a_ratio_is_that_of_the_paired_logs():
    """By hand: logs of the ratios are log 2 + (-0.1, 0, 0.1); t(0.975, 2) = 4.30265, s = 0.1."""
    reference = {pair: Range(v, v) for pair, v in enumerate((10.0, 10.0, 10.0))}
    own = {pair: Range(v, v) for pair, v in enumerate(5 * math.exp(x) for x in (0.1, 0.0, -0.1))}
    found = paired(own, reference)
    half = 4.30265 * 0.1 / math.sqrt(3)
    assert (found.low, found.high) == pytest.approx((2 * math.exp(-half), 2 * math.exp(half)), rel=1e-5)
    assert found.verdict == 1 and found.median.low == pytest.approx(2)


def test_pairs_that_only_one_side_has_are_left_out():
    found = paired({"1/1": Range(2, 2), "2/2": Range(3, 3)}, {"2/2": Range(6, 6), "3/3": Range(1, 1)})
    assert found.each == {"2/2": Range(2, 2)} and found.verdict is None
    assert paired({"1/1": Range(2, 2)}, {"2/2": Range(6, 6)}) is None


def test_with_a_run_cut_off_five_pairs_must_agree():
    late = {pair: Range(60.0, math.inf) for pair in range(5)}
    agreeing = paired({pair: Range(10.0, 10.0) for pair in range(5)}, late)
    assert agreeing.verdict == 1 and agreeing.low is None
    assert (
        paired(
            {pair: Range(10.0 + 60 * (pair == 3), 10.0 + 60 * (pair == 3)) for pair in range(5)}, late
        ).verdict
        == 0
    )
    assert paired({pair: Range(10.0, 10.0) for pair in range(4)}, late).verdict == 0


def test_without_dense_methods_there_are_times_and_no_ratios(tmp_path):
    found = study.load(make(tmp_path, **SMALL | {"baselines": ()}))
    view = found.views[found.shown]
    assert view.entry("fp32", "54 Mbit/s").median.known and not any(over_dense(view).values())
    assert found.answers[found.shown].sentences == []


def test_the_target_shown_first_is_the_highest_that_a_run_reached(tmp_path):
    assert study.load(make(tmp_path / "a", **SMALL, targets=(0.7, 0.8, 0.95))).target == 0.8
    assert study.load(make(tmp_path / "b", **SMALL, targets=(0.95, 0.99))).target == 0.95
    assert study.load(make(tmp_path / "c", **SMALL, targets=())).shown is None


def test_every_other_axis_makes_a_slice(tmp_path):
    found = study.load(make(tmp_path, **SMALL | {"seeds": 1, "other": (("exchange", ("star", "ring")),)}))
    assert [grid.slice_name(place) for place in found.grid.slices] == ["exchange star", "exchange ring"]
    star, ring = (found.views[number, 0.8].entry("fp16", "54 Mbit/s") for number in (0, 1))
    assert len(star.cells) == len(ring.cells) == 1 and star.median.low < ring.median.low
    assert {row["exchange"] for row in tables(found)["crossover_map"].to_dict("records")} == {"star", "ring"}


def test_parts_sum_to_the_round_and_to_the_database(tmp_path):
    found = anatomies(times.view(loaded(tmp_path), 0, 0.8))
    assert len(found) == 9
    for anatomy in found.values():
        assert math.fsum(anatomy.mean[part] for part in PARTS) == pytest.approx(anatomy.mean[WHOLE], rel=1e-9)
        assert anatomy.p5[WHOLE] <= anatomy.median[WHOLE] <= anatomy.p95[WHOLE]
    with sqlite3.connect(tmp_path / "sweep.db") as connection:
        mean = connection.execute(
            "SELECT avg(round.simulated_s - begin_s) FROM round JOIN cell USING (cell) WHERE labels LIKE '%54 %fp32%'"
        ).fetchone()[0]
    assert found["fp32", "54 Mbit/s"].mean[WHOLE] == pytest.approx(mean)


def test_rounds_that_nobody_applied_are_left_out_and_counted(tmp_path):
    loaded(tmp_path)
    change(tmp_path, f"UPDATE round SET {', '.join(f'{part} = NULL' for part in PARTS)} WHERE round % 2 = 1")
    anatomy = anatomies(times.view(grid.arrange(database.load(tmp_path)), 0, 0.8))["fp32", "54 Mbit/s"]
    assert anatomy.left_out == anatomy.rounds > 0


def test_a_column_stands_at_the_goodput_of_the_dense_runs(tmp_path):
    view = times.view(loaded(tmp_path), 0, 0.8)
    cells = view.grid.cells
    dense = cells[cells["method"].isin(["fp32", "fp16"]) & (cells["point"] == "5 Mbit/s")]
    by_seed = dense.groupby("pair")["goodput_mbps"].median()
    assert view.goodput["5 Mbit/s"] == by_seed.median()
    assert view.seed_goodput["5 Mbit/s", "2/2"] == by_seed["2/2"]
