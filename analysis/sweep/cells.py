"""The tables of the page about single cells: learning rates, troubles, everything."""

import math

from analysis.sweep import labels
from analysis.sweep.grid import BROKEN, slice_name
from analysis.sweep.ratios import best_dense, paired
from analysis.words import formatted, missing, text

WORDS = {"set_aside": "set aside (died three times)"}


def learning(study):
    """[(method, rates, how it was chosen, trials)] of every method."""
    tune = study.sweep.meta.get("tune")
    tune = tune if isinstance(tune, dict) else None
    rows = []
    for method in study.grid.methods:
        values = study.grid.cells.loc[study.grid.cells["method"] == method, "learning_rate"].dropna()
        rates = (
            "not recorded" if values.empty else labels.spread(values.min(), values.max(), lambda v: f"{v:g}")
        )
        trials = [t for t in tune.get("trials") or [] if t.get("method") == method] if tune else []
        chosen = (tune.get("chosen") or {}).get(method) if tune else None
        rows.append(
            (method, rates, None if chosen is None else text(chosen), [trial(t, chosen) for t in trials])
        )
    return rows


def trial(found, chosen):
    """(value, outcome, whether it was chosen)"""
    reached, accuracy = found.get("reached_s"), found.get("accuracy")
    outcome = "not reached" if reached is None else f"reached in {labels.seconds(reached)}"
    if accuracy is not None:
        outcome += f", {labels.accuracy(accuracy)}"
    return text(found.get("value")), outcome, chosen is not None and found.get("value") == chosen


def troubled(study):
    """[(cell, where it stands, seeds, status, reason, detail, log)] of the cells that failed."""
    rows = []
    for row in study.grid.cells.itertuples():
        if row.status in BROKEN:
            status = WORDS.get(row.status, row.status)
            tries = f", {row.attempts:g} attempts" if row.attempts > 1 else ""
            words = [None if missing(value) else value for value in (row.reason, row.detail, row.log_tail)]
            rows.append((row.cell, standing(study, row), row.pair, status + tries, *words))
    return rows


def standing(study, row):
    return ", ".join(
        part for part in (row.method, row.point, slice_name(study.grid.slices[row.slice])) if part
    )


def depending(study):
    """[(reason, number of cells)] why models depend on the link."""
    reasons = study.grid.cells["link_independence"].dropna()
    return list(reasons[reasons != ""].value_counts().items())


def everything(study):
    """(heads, rows of texts) of all cells; one column a target."""
    axes = [axis["name"] for axis in study.sweep.meta["axes"]]
    targets = sorted({target for _, target in study.views})
    heads = [
        "cell", *axes, "seeds", "lr", "status", "kind", "rounds", "simulated", "ended by", "goodput",
        *(f"{100 * target:g}\u202f% by" for target in targets),
        *(f"test accuracy at {100 * target:g}\u202f%" for target in targets),
        "fast-forwarded", "host time", "memory",
    ]  # fmt: skip
    judged = {(row.cell, round(row.target, 9)): row for row in study.sweep.targets.itertuples()}
    rows = []
    for row in study.grid.cells.itertuples():
        found = [judged.get((row.cell, round(target, 9))) for target in targets]
        rows.append(
            [row.cell, *(row.labels.get(axis, "") for axis in axes), row.pair, number(row.learning_rate),
             words(row.status) + (" (cached)" if row.source == "cached" else ""), words(row.kind),
             number(row.rounds), timed(row.simulated_s), words(row.ended),
             "" if math.isnan(row.goodput_mbps) else labels.rate(row.goodput_mbps),
             *(interval(target) for target in found),
             *(tested(target) for target in found),
             forwarded(row), timed(row.host_s),
             "" if math.isnan(row.host_memory_mb) else f"{row.host_memory_mb:,.0f}\u202fMB"]
        )  # fmt: skip
    return heads, rows


def words(value):
    return "" if missing(value) else WORDS.get(value, str(value).replace("_", " "))


def number(value):
    return "" if math.isnan(value) else f"{value:g}"


def timed(value):
    return "" if math.isnan(value) else formatted("_s", float(value))


def interval(target):
    """'11.2 s (after 10.8 s)': a model is only known at its evaluations."""
    if target is None:
        return ""
    if target.reached != 1:
        return "not reached"
    after = "" if math.isnan(target.after_s) else f" (after {labels.seconds(target.after_s)})"
    return f"{labels.seconds(target.by_s)}{after}"


def tested(target):
    return "" if target is None or target.reached != 1 else labels.accuracy(target.test_accuracy)


def forwarded(row):
    if not row.fast_forwarded > 0:
        return ""
    width = "" if math.isnan(row.sampling_interval) else f", ±{100 * row.sampling_interval:.2g}\u202f%"
    return f"{row.fast_forwarded:g} rounds{width}"


def over_dense(view, first):
    """Speedup of a winner over the best dense method at its point."""
    return paired(first.winner.times, best_dense(view, first.point))


def any_forwarded(view):
    return any(entry.forwarded for entry in view.entries.values())
