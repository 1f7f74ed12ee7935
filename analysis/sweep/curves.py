"""Learning curves of the cells: accuracy against simulated time, rounds and bytes, and their median over seeds."""

from dataclasses import dataclass

import pandas as pd

from analysis.sampling import evenly
from analysis.sweep.grid import BROKEN, READY
from analysis.sweep.survival import kaplan_meier

POINTS = 150
AXES = ("simulated_s", "round", "megabytes")


@dataclass(frozen=True)
class Line:
    """points: frame of simulated_s, round, megabytes, accuracy. ended: 'budget', 'failed' or ''; pair None: median."""

    method: str
    pair: object
    points: pd.DataFrame
    ended: str


def bytes_kind(view):
    """Kind of bytes that stands for what the network carried: on_air, or serialised where air is not modelled."""
    found = view.grid.sweep.evaluations
    return "on_air" if len(found) and found["on_air_bytes"].notna().all() else "serialised"


def lines(view, point):
    """Every cell of a point with an accuracy, then the medians of every method: [Line]."""
    by_cell = dict(list(view.grid.sweep.evaluations.groupby("cell")))
    kind, single, medians = f"{bytes_kind(view)}_bytes", [], []
    for method in view.grid.methods:
        entry, done = view.entry(method, point), []
        for row in entry.cells.itertuples():
            found = by_cell.get(row.cell)
            points = None if found is None else measured(found, f"{view.split}_accuracy", kind)
            if points is None or points.empty:
                continue
            out = row.ended in ("max_rounds", "max_simulated_s") and row.reached != 1
            ended = "failed" if row.status in BROKEN else "budget" if row.status == READY and out else ""
            single.append(Line(method, row.pair, points.iloc[evenly(len(points), POINTS)], ended))
            if row.status == READY:
                done.append(points)
        if len(done) > 1:
            medians.append(Line(method, None, median(done), ""))
    return [*single, *medians]


def measured(found, split, kind):
    points = found.dropna(subset=[split])[["simulated_s", "round", kind, split]]
    points = points.rename(columns={split: "accuracy", kind: "megabytes"})
    points["megabytes"] /= 1e6
    return points[points["simulated_s"] > 0]  # a log axis has no 0


def median(done):
    """By evaluated round, as long as at least half of the cells got there."""
    together = pd.concat(done).groupby("round").agg(["median", "size"])
    kept = together[together["accuracy"]["size"] * 2 >= len(done)]
    points = pd.DataFrame({name: kept[name]["median"] for name in ("simulated_s", "megabytes", "accuracy")})
    points = points.reset_index()
    return points.iloc[evenly(len(points), POINTS)]


def reached_by(view, point):
    """{method: survival.Curve} of the cells that are done."""
    found = {}
    for method in view.grid.methods:
        times = [time for time in view.entry(method, point).times.values() if time.low > 0]
        if times:
            found[method] = kaplan_meier([time.low for time in times], [time.known for time in times])
    return found


def steps(curve, until):
    """(times, shares) of the curve as a staircase from its beginning to `until`."""
    times, shares = [], [0.0]
    for time, share in zip(curve.times, curve.reached):
        times += [time, time]
        shares += [shares[-1], share]
    end = max([until, *curve.times[-1:]])
    start = min([*curve.times[:1], *(time for time, _ in curve.censored[:1]), end])
    return [start / 1.5 if not times else times[0] / 1.5, *times, end], [*shares, shares[-1]]
