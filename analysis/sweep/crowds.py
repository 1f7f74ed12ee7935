"""Round times over the number of workers: a curve for every choice of labels on the other axes."""

from dataclasses import dataclass

import pandas as pd

from analysis.sampling import quantiles
from analysis.sweep.anatomy import WHOLE
from analysis.sweep.grid import READY

POINTER = "/workers"


@dataclass(frozen=True)
class Crowd:
    """name: the labels on the other axes, '' where there is none. points: frame of workers, rising, with median_s, p5_s,
    p95_s of all rounds of all seeds, rounds, runs. forwarded: some of these rounds were not simulated packet by packet."""

    name: str
    points: pd.DataFrame
    forwarded: bool


def axis_of_workers(sweep):
    """Name of the axis that changes how many workers there are, None where none does."""
    return next((a["name"] for a in sweep.meta["axes"] if POINTER in (a.get("pointers") or [])), None)


def crowds(study):
    """[Crowd] in the grid's order; empty where all runs that are done have the same number of workers."""
    sweep, axis = study.sweep, axis_of_workers(study.sweep)
    if axis is None:
        return []
    others = [a["name"] for a in sweep.meta["axes"] if a["name"] != axis]
    cells = sweep.cells[sweep.cells["status"] == READY]
    cells = cells.assign(
        workers=[s.get("workers") if isinstance(s, dict) else None for s in cells["scenario"]],
        name=[", ".join(str(labels.get(other, "?")) for other in others) for labels in cells["labels"]],
    ).dropna(subset=["workers"])
    if cells["workers"].nunique() < 2:
        return []
    rounds = sweep.anatomy.merge(cells[["cell", "name", "workers"]], on="cell")
    found = []
    for name, chosen in rounds.groupby("name", sort=False):
        forwarded = (cells.loc[cells["name"] == name, "fast_forwarded"] > 0).any()
        found.append(Crowd(name, points(chosen), bool(forwarded)))
    return found


def points(rounds):
    rows = []
    for workers, chosen in rounds.groupby("workers"):
        low, _, median, _, high = quantiles(chosen[WHOLE])
        rows.append((int(workers), median, low, high, len(chosen), chosen["cell"].nunique()))
    return pd.DataFrame(rows, columns=["workers", "median_s", "p5_s", "p95_s", "rounds", "runs"])
