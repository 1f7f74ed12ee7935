"""The sentences of a sweep's report: who is first, how sure that is, and what is assumed."""

from types import SimpleNamespace

import pytest

from analysis.sweep import answers
from analysis.sweep.ranges import Range
from analysis.sweep.times import Entry

PLACES = ("1 Mbit/s", "2 Mbit/s", "5 Mbit/s", "9 Mbit/s", "10 Mbit/s", "20 Mbit/s")


def view(seconds, seeds=5, noise=0.01):
    """seconds: {method: [by point]}; None where no run reached the target."""
    entries = {}
    for method, row in seconds.items():
        for point, value in zip(PLACES, row):
            spread = [1 + noise * (seed - 2) * (-1 if method == "b" else 1) for seed in range(seeds)]
            times = {
                s: Range(100.0, float("inf")) if value is None else Range(*[value * spread[s]] * 2)
                for s in range(seeds)
            }
            middle = Range(value, value) if value else Range(100.0, float("inf"))
            cells = SimpleNamespace(empty=False)
            entries[method, point] = Entry(method, point, cells, times, middle, middle, middle)
    points = PLACES[: len(next(iter(seconds.values())))]
    sweep = SimpleNamespace(meta={"network_axis": "network"})
    grid = SimpleNamespace(methods=list(seconds), points=list(points), baselines=[], sweep=sweep)
    return SimpleNamespace(
        grid=grid, target=0.8, split="validation", entries=entries, entry=lambda m, p: entries[m, p],
        goodput={point: place + 1.0 for place, point in enumerate(points)},
    )  # fmt: skip


def told(found):
    firsts = answers.firsts(found)
    pending = {key: SimpleNamespace(pending=0) for key in found.entries}
    quiet = SimpleNamespace(**found.__dict__ | {"entries": pending})
    return [
        text.replace("\u202f", " ")
        for text in (answers.headline(quiet, firsts), answers.certainty(found, firsts))
    ]


def test_neighbours_with_the_same_winner_are_said_together():
    headline, certainty = told(view({"a": [1, 2, 3], "b": [4, 5, 2]}))
    assert headline == (
        "80 % validation accuracy is reached first by a from 1 to 2 Mbit/s and by b at 5 Mbit/s."
    )
    assert certainty.startswith(
        "From 5 seeds each: the lead over the next method is beyond chance everywhere"
    )


def test_a_lead_within_the_noise_may_be_chance():
    headline, certainty = told(view({"a": [1, 2.00], "b": [4, 2.01]}, noise=0.1))
    assert "beyond chance at 1 of 2 bandwidths" in certainty and "may be chance at 2 Mbit/s" in certainty


def test_one_seed_is_said_plainly():
    assert told(view({"a": [1], "b": [2]}, seeds=1))[1].startswith(
        "One seed: how sure this is cannot be told"
    )


def test_where_nobody_reached_the_target_it_is_said():
    headline, _ = told(view({"a": [None, 2], "b": [None, 3]}))
    assert "first by a at 2 Mbit/s. In half of its runs, no method reached it at 1 Mbit/s." in headline


def test_many_turns_are_counted_not_listed():
    headline, _ = told(view({"a": [1, 3, 1, 3, 1, 1], "b": [2, 2, 2, 2, 2, 2]}))
    assert headline.endswith("first by a at 4 of 6 bandwidths and by b at 2.")


@pytest.mark.parametrize(
    "assumptions, said",
    [
        (["gradient takes 2 ms per sample (pi_class, assumed)", "the down-link is unicast"],
         "assuming 2 ms per sample and a unicast down-link"),
        (["simulated devices: pi_class, training at 5 GFLOP/s", "the down-link is unicast: one copy for each worker"],
         "assuming devices like pi_class, training at 5 GFLOP/s and a unicast down-link"),
        (["stations are associated at time 0"], ""),
    ],
)  # fmt: skip
def test_what_moves_a_crossover_most_is_named(assumptions, said):
    assert answers.assuming({"assumptions": assumptions}) == said
