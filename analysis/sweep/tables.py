"""The numbers beside the pictures: figures/*.csv, every slice and target in one file. Empty: not known."""

import math

import pandas as pd

from analysis.sweep.anatomy import WHOLE, anatomies
from analysis.sweep.crossovers import crossings
from analysis.sweep.crowds import crowds
from analysis.sweep.curves import reached_by
from analysis.sweep.parts import PARTS
from analysis.sweep.ratios import over_dense


def tables(study):
    """{name of a file without its end: frame}"""
    frames = {
        "crossover_map": gathered(study, map_rows),
        "crossovers": gathered(study, crossover_rows),
        "time_to_accuracy": curve_rows(study),
        "reached_by": gathered(study, survival_rows),
        "round_anatomy": gathered(study, anatomy_rows, once=True),
        "round_time_over_workers": crowd_rows(study),
    }
    return {name: frame for name, frame in frames.items() if len(frame)}


def gathered(study, rows, once=False):
    """Rows of every view, behind the labels of its slice and its target; once: the same for every target."""
    found = []
    for (number, target), view in study.views.items():
        if once and target != study.target:
            continue
        place = dict(study.grid.slices[number]) | ({} if once else {"target": target, "split": view.split})
        found += [place | row for row in rows(view)]
    return pd.DataFrame(found)


def finite(value):
    return value if value is not None and math.isfinite(value) else None


def map_rows(view):
    speedups = over_dense(view)
    for (method, point), entry in view.entries.items():
        found, rates = speedups[method, point], entry.cells["learning_rate"]
        median, low, high = entry.median, entry.low, entry.high
        yield {
            "method": method,
            "point": point,
            "dense_goodput_mbps": view.goodput.get(point),
            "learning_rate_least": finite(rates.min()),
            "learning_rate_most": finite(rates.max()),
            "done": entry.done,
            "reached": entry.reached,
            "failed": entry.broken,
            "pending": entry.pending,
            "censored": int(entry.censored),
            "median_s_least": median and finite(median.low),
            "median_s_most": median and finite(median.high),
            "quartile_1_s": low and (finite(low.low) if low.known else None),
            "quartile_3_s": high and (finite(high.low) if high.known else None),
            "speedup_least": found and finite(found.median.low),
            "speedup_most": found and finite(found.median.high),
            "speedup_95_low": found and found.low,
            "speedup_95_high": found and found.high,
            "pairs": len(found.each) if found else 0,
            "test_accuracy_there": finite(entry.cells["test_accuracy"].median()),
            "fast_forwarded": int(entry.forwarded),
        }


def crossover_rows(view):
    """A row for every crossover of the median, and for every root of every pair of seeds."""
    for method, crossing in crossings(view).items():
        for crossover in crossing.crossovers if crossing else ():
            yield {
                "method": method,
                "pair": "all",
                "at_mbps": crossover.at,
                "low_mbps": crossover.low,
                "high_mbps": crossover.high,
                "kind": "bounds" if crossover.bounded else "interval" if crossover.low else "point",
                "sooner_below": int(crossover.sooner_below),
                "pairs": len(crossover.each),
            }
        for pair, roots in crossing.roots.items() if crossing else ():
            for root in roots:
                yield {
                    "method": method,
                    "pair": pair,
                    "at_mbps": root.low if root.known else None,
                    "low_mbps": root.low,
                    "high_mbps": root.high,
                    "kind": "root" if root.known else "bounds",
                    "sooner_below": int(root.sooner_below),
                    "pairs": 1,
                }


def curve_rows(study):
    cells = study.grid.cells[["cell", "method", "point", "pair", "status", "slice"]]
    found = cells.merge(study.sweep.evaluations, on="cell")
    for index, (axis, _) in enumerate(study.grid.slices[0]):
        found.insert(1, axis, [study.grid.slices[number][index][1] for number in found["slice"]])
    return found.drop(columns="slice")


def crowd_rows(study):
    rows = [
        {"name": crowd.name, **row, "fast_forwarded": int(crowd.forwarded)}
        for crowd in crowds(study)
        for row in crowd.points.to_dict("records")
    ]
    return pd.DataFrame(rows)


def survival_rows(view):
    for point in view.grid.points:
        for method, curve in reached_by(view, point).items():
            for time, share in zip(curve.times, curve.reached):
                yield {
                    "method": method,
                    "point": point,
                    "time_s": time,
                    "reached_share": share,
                    "censored": 0,
                }
            for time, share in curve.censored:
                yield {
                    "method": method,
                    "point": point,
                    "time_s": time,
                    "reached_share": share,
                    "censored": 1,
                }


def anatomy_rows(view):
    for (method, point), anatomy in anatomies(view).items():
        for column in [*PARTS, WHOLE]:
            yield {
                "method": method,
                "point": point,
                "part": PARTS[column].name if column in PARTS else "whole round",
                "mean_s": anatomy.mean[column],
                "p5_s": anatomy.p5[column],
                "median_s": anatomy.median[column],
                "p95_s": anatomy.p95[column],
                "rounds": anatomy.rounds,
                "rounds_left_out": anatomy.left_out,
            }
