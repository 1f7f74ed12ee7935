"""Crossovers against closed forms, their intervals by simulation, and what is said where there is none."""

import math
import random
from types import SimpleNamespace

import pytest

from analysis.sweep import answers, database, grid, times
from analysis.sweep.crossovers import crossing, crossings, roots
from analysis.sweep.ranges import Range
from example_sweep import make

GOODPUTS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
INF = math.inf


def known(value):
    return Range(float(value), float(value))


def view(method, dense, pairs=5, goodputs=GOODPUTS, budget=INF):
    """method, dense: (goodput, pair) -> seconds."""

    def entry(name, point):
        seconds = {pair: (method if name == "m" else dense)(point, pair) for pair in range(pairs)}
        cut = {
            pair: Range(budget, INF) if value > budget else known(value) for pair, value in seconds.items()
        }
        return SimpleNamespace(times=cut)

    return SimpleNamespace(
        grid=SimpleNamespace(baselines=["dense"], candidates=["m"], points=list(goodputs)),
        entry=entry, goodput={g: g for g in goodputs}, seed_goodput={}, target=0.8, split="validation",
    )  # fmt: skip


def said(found):
    (sentence,) = answers.about(view(None, None), "m", found)
    return sentence.replace("\u202f", " ")


def test_power_laws_cross_where_algebra_says():
    found = crossing(view(lambda g, _: 7 * g**-0.2, lambda g, _: 60 * g**-1.0), "m")
    (crossover,) = found.crossovers
    expected = (60 / 7) ** (1 / 0.8)
    assert crossover.at == pytest.approx(expected, rel=1e-12)
    assert crossover.low == pytest.approx(expected) and crossover.high == pytest.approx(expected)
    assert crossover.sooner_below and not crossover.bounded
    assert "before dense below 15 Mbit/s" in said(found)


def test_the_whole_way_from_the_database_crosses_where_algebra_says(tmp_path):
    """Time of a round A g^-p, equal rounds: fp32 is the slower of the dense ones and must not matter."""
    laws = {"fp32": (9, 1.0), "fp16": (6, 1.0), "top-k 1 %": (1.2, 0.3)}
    folder = make(
        tmp_path, methods=tuple(laws), seconds=lambda method, g: laws[method][0] * g ** -laws[method][1],
        need=lambda method, rng: 40, noise=0, budget_s=1e9, max_rounds=80, every=1, seeds=2,
    )  # fmt: skip
    arranged = grid.arrange(database.load(folder))
    found = crossings(times.view(arranged, 0, 0.8))
    assert list(found) == ["top-k 1 %"]
    (crossover,) = found["top-k 1 %"].crossovers
    assert crossover.at == pytest.approx((6 / 1.2) ** (1 / 0.7), rel=1e-9)
    assert crossover.low is None and len(crossover.each) == 2


def test_intervals_cover_the_crossover_as_often_as_they_say():
    """Seeds with noisy power laws whose logs are normal, so that log of the crossing is normal as well."""
    rng, truth, trials, covered = random.Random(3), (60 / 7) ** (1 / 0.8), 600, 0
    for _ in range(trials):
        noise = [rng.gauss(0, 0.1) for _ in range(5)]
        found = crossing(view(lambda g, p: 7 * g**-0.2 * math.exp(noise[p]), lambda g, _: 60 * g**-1.0), "m")
        (crossover,) = found.crossovers
        assert len(crossover.each) == 5
        covered += crossover.low <= truth <= crossover.high
    assert 0.93 < covered / trials < 0.97


def test_fewer_than_five_pairs_give_a_point_without_a_band():
    found = crossing(view(lambda g, p: 7 * g**-0.2 * (1 + p / 9), lambda g, _: 60 / g, pairs=4), "m")
    (crossover,) = found.crossovers
    assert crossover.low is None and crossover.high is None and crossover.at > 0
    assert "no interval: 4 seeds, fewer than five" in said(found)


def test_all_roots_are_found_with_their_directions():
    line = [(1.0, known(2)), (10.0, known(0.5)), (100.0, known(2)), (1000.0, known(0.5))]
    found = roots(line)
    assert [root.low for root in found] == pytest.approx([10**0.5, 10**1.5, 10**2.5])
    assert [root.sooner_below for root in found] == [True, False, True]
    assert all(root.known for root in found)


def test_exactly_as_soon_at_a_point_is_one_root_there():
    found = roots([(1.0, known(2)), (4.0, known(1)), (16.0, known(0.5))])
    assert [root.low for root in found] == pytest.approx([4.0])


def test_two_crossovers_are_both_said():
    def bump(g, _):
        return 10 if g in (5.0, 10.0) else 1

    found = crossing(view(bump, lambda g, _: 3), "m")
    assert [c.sooner_below for c in found.crossovers] == [True, False]
    sentences = answers.about(view(None, None), "m", found)
    assert "80\u202f% before dense below" in sentences[0] and "again before dense above" in sentences[1]


@pytest.mark.parametrize(
    "law, side, outside, words",
    [
        (
            lambda g, _: 1 * g**-0.9,
            1,
            "above",
            "before dense throughout, from 1.0 to 50 Mbit/s: no crossover in the grid",
        ),
        (lambda g, _: 90 * g**-0.9, -1, "below", "after dense throughout"),
        (lambda g, _: 200 * g**-1.1, -1, "above", "lies above 50 Mbit/s"),
    ],
)
def test_none_inside_the_grid_is_said_with_the_side(law, side, outside, words):
    found = crossing(view(law, lambda g, _: 60 / g), "m")
    assert (found.crossovers, found.side, found.outside) == ([], side, outside)
    assert words in said(found) and f"lies {outside}" in said(found)


def test_next_to_a_run_that_was_cut_off_only_bounds_are_known():
    """Dense is cut off at 20 s at 1 and 2 Mbit/s, the crossing is between 2 and 5."""

    def method(g, _):
        return 10.0

    def dense(g, _):
        return 100.0 if g < 5 else 4.0

    found = crossing(view(method, dense, budget=20.0), "m")
    (crossover,) = found.crossovers
    assert crossover.bounded and crossover.high == pytest.approx(5.0)
    least = math.log(2) / (
        math.log(2) + math.log(2.5)
    )  # from the budget of 20 s: not before this share of the way
    assert crossover.low == pytest.approx(2 * 2.5**least)
    assert "runs cut off leave no closer answer" in said(found)
    truth = roots([(2.0, known(10)), (5.0, known(0.4))])[0].low
    assert crossover.low < truth < crossover.high


def test_where_both_were_cut_off_nothing_is_claimed():
    found = crossing(view(lambda g, _: 30, lambda g, _: 30, budget=20.0), "m")
    assert found.crossovers == [] and found.side is None
    assert "cannot be told" in said(found)


def test_seeds_without_the_crossing_are_counted():
    found = crossing(view(lambda g, p: 7 * g**-0.2 if p else 0.1, lambda g, _: 60 / g, pairs=6), "m")
    (crossover,) = found.crossovers
    assert len(crossover.each) == 5 and crossover.low is not None
    assert "5 of 6 seeds cross there" in said(found)


def test_a_crossing_at_the_goodput_of_each_seed():
    shifted = view(lambda g, p: 7 * g**-0.2, lambda g, _: 60 / g, pairs=2)
    plain = crossing(shifted, "m").crossovers[0].at
    shifted.seed_goodput = {(g, p): g * 2 for g in GOODPUTS for p in range(2)}
    assert crossing(shifted, "m").crossovers[0].at == pytest.approx(2 * plain)
