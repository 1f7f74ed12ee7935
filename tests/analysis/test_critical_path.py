"""The critical path: by hand, and on a whole run."""

import pytest

from analysis import critical_path, database
from analysis.critical_path import computation, transfer
from analysis.phases import STEPS
from example_run import make

HUB = 2
HUBS = {HUB}
NAN = float("nan")


def star_round():
    """Two workers; worker 1 is slow. Times in ns, worked out by hand in the comments."""
    return [
        computation(0, "gradient", 0, 10, HUBS),
        computation(0, "encode", 10, 12, HUBS),
        transfer(0, HUB, 12, 13, 18, 20, False),
        computation(1, "gradient", 5, 40, HUBS),
        computation(1, "encode", 40, 44, HUBS),
        transfer(1, HUB, 44, 47, 57, 58, False),  # last up: queue 3, air 10, closing 1
        computation(HUB, "fold", 58, 63, HUBS),
        computation(HUB, "encode", 63, 65, HUBS),
        transfer(HUB, 0, 65, 66, 70, 71, True),
        transfer(HUB, 1, 65, 72, 80, 81, True),
        computation(0, "decode", 71, 90, HUBS),
        computation(0, "apply", 90, 100, HUBS),  # worker 0 applies last
        computation(1, "decode", 81, 83, HUBS),
        computation(1, "apply", 83, 84, HUBS),
    ]


def lengths(path):
    return [(step, end - begin) for step, _, begin, end in path]


def test_the_path_goes_through_the_slow_worker_and_the_last_to_apply():
    path = critical_path.critical_path(star_round(), 0, 0, 100)
    assert lengths(path) == [
        ("wait", 5),
        ("gradient", 35),
        ("encode, worker", 4),
        ("queue up", 3),
        ("air up", 10),
        ("closing up", 1),
        ("fold", 5),
        ("encode, hub", 2),
        ("queue down", 1),
        ("air down", 4),
        ("closing down", 1),
        ("decode", 19),
        ("apply", 10),
    ]
    assert [node for _, node, _, _ in path] == [1, 1, 1, 1, 1, 1, HUB, HUB, HUB, HUB, HUB, 0, 0]


def test_what_lies_before_the_round_is_clipped():
    path = critical_path.critical_path(star_round(), 0, 42, 100)
    assert lengths(path)[:2] == [("encode, worker", 2), ("queue up", 3)]
    assert sum(length for _, length in lengths(path)) == 58


def test_a_gap_is_waiting():
    activities = [a for a in star_round() if a.parts[0][0] != "fold"]
    assert ("wait", 5) in lengths(critical_path.critical_path(activities, 0, 0, 100))


def test_a_round_that_ends_after_the_last_apply_waits():
    assert lengths(critical_path.critical_path(star_round(), 0, 0, 103))[-1] == ("wait", 3)


def test_a_lost_message_has_no_air():
    assert lengths_of(transfer(0, HUB, 10, 14, NAN, 30, False)) == {
        "queue up": 4,
        "air up": 0,
        "closing up": 16,
    }


def test_a_message_that_was_never_sent_is_all_queue():
    assert lengths_of(transfer(0, HUB, 10, NAN, NAN, 30, False)) == {
        "queue up": 20,
        "air up": 0,
        "closing up": 0,
    }


def lengths_of(activity):
    return {step: end - begin for step, begin, end in activity.parts}


def test_steps_without_duration_do_not_break_the_chain():
    activities = [
        computation(0, "gradient", 0, 10, HUBS),
        computation(0, "encode", 10, 10, HUBS),
        transfer(0, HUB, 10, 10, 10, 10, False),
        computation(HUB, "fold", 10, 10, HUBS),
        computation(HUB, "encode", 10, 10, HUBS),
        transfer(HUB, 0, 10, 10, 10, 10, True),
        computation(0, "decode", 10, 10, HUBS),
        computation(0, "apply", 10, 12, HUBS),
    ]
    assert lengths(critical_path.critical_path(activities, 0, 0, 12)) == [("gradient", 10), ("apply", 2)]


def test_nothing_recorded_is_all_waiting():
    assert lengths(critical_path.critical_path([], 0, 0, 7)) == [("wait", 7)]


@pytest.mark.parametrize(
    "settings",
    [
        {"workers": 8, "rounds": 200},
        {"workers": 1, "rounds": 20},
        {"workers": 5, "rounds": 40, "loss": 0.7, "blocks_up": 1, "seed": 3},
    ],
)
def test_phases_sum_exactly_to_the_round_time(tmp_path, settings):
    run = database.load(make(tmp_path / "run", **settings))
    paths = critical_path.paths(run)
    assert list(paths) == list(run.rounds["round"])
    durations = (run.rounds["end_ns"] - run.rounds["start_ns"]).tolist()
    assert [sum(end - begin for _, _, begin, end in path) for path in paths.values()] == durations
    for path, start, end in zip(paths.values(), run.rounds["start_ns"], run.rounds["end_ns"]):
        edges = [start, *(segment[3] for segment in path)]
        assert edges[:-1] == [segment[2] for segment in path] and edges[-1] == end
    steps = critical_path.table(paths)
    assert list(steps.columns) == list(STEPS)
    assert (
        critical_path.by_phase(steps).sum(axis=1).round(9).tolist()
        == run.rounds["duration_s"].round(9).tolist()
    )


def test_rounds_without_spans_are_left_out(tmp_path):
    import sqlite3

    folder = make(tmp_path / "run", rounds=5)
    with sqlite3.connect(folder / "results.db") as connection:
        connection.execute("DELETE FROM span WHERE round = 3")
    assert list(critical_path.paths(database.load(folder))) == [1, 2, 4, 5]
