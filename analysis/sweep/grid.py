"""Where every cell stands: its method, its point of the network, its slice (all other axes), its pair of seeds."""

from dataclasses import dataclass

import pandas as pd

from analysis.sweep.database import Sweep

ALL = "all"  # the one method of a grid without an axis of methods
HERE = "the network"  # the one point of a grid without an axis of networks
READY = "done"
PENDING = ("waiting", "running")
BROKEN = ("failed", "set_aside")


@dataclass(frozen=True)
class Grid:
    """methods, points: labels in the grid's order. slices: tuples of (axis, label), () where there is no other axis.
    cells: those of the sweep with method, point, slice (its number), pair ("1/1"), learning_rate added."""

    sweep: Sweep
    methods: list
    points: list
    slices: list
    baselines: list
    cells: pd.DataFrame

    @property
    def candidates(self):
        """Methods that are compared with the dense ones."""
        return [method for method in self.methods if method not in self.baselines]


def arrange(sweep):
    meta = sweep.meta
    method_axis, network_axis = meta.get("method_axis"), meta.get("network_axis")
    cells = sweep.cells.copy()
    cells["method"] = [label(labels, method_axis, ALL) for labels in cells["labels"]]
    cells["point"] = [label(labels, network_axis, HERE) for labels in cells["labels"]]
    others = [axis["name"] for axis in meta["axes"] if axis["name"] not in (method_axis, network_axis)]
    places = [tuple((name, label(labels, name, "?")) for name in others) for labels in cells["labels"]]
    slices = list(dict.fromkeys(places)) or [()]
    cells["slice"] = [slices.index(place) for place in places]
    cells["pair"] = [
        f"{training:g}/{network:g}"
        for training, network in zip(cells["training_seed"], cells["network_seed"])
    ]
    cells["learning_rate"] = [learning_rate(scenario, meta) for scenario in cells["scenario"]]
    methods = ordered(meta, method_axis, cells["method"])
    return Grid(
        sweep,
        methods,
        ordered(meta, network_axis, cells["point"]),
        slices,
        [method for method in methods if method in meta["baselines"]],
        cells,
    )


def label(labels, axis, otherwise):
    return otherwise if axis is None else str(labels.get(axis, "?"))


def ordered(meta, axis, found):
    """Labels of an axis in the grid's order, then any other that a cell has."""
    named = next(([str(name) for name in a["labels"]] for a in meta["axes"] if a["name"] == axis), [])
    return list(dict.fromkeys([*named, *found]))


def learning_rate(scenario, meta):
    tune = meta.get("tune")
    pointer = tune.get("pointer") if isinstance(tune, dict) else None
    for key in str(pointer or "/training/optimizer/learning_rate").strip("/").split("/"):
        scenario = scenario.get(key) if isinstance(scenario, dict) else None
    return float(scenario) if isinstance(scenario, (int, float)) else float("nan")


def slice_name(place):
    """'exchange ring, workers 8'; '' where the grid has no other axis."""
    return ", ".join(f"{axis} {value}" for axis, value in place)


def goodputs(grid, slice_number):
    """Measured goodput in Mbit/s: ({point: median over seeds}, {(point, pair): of that seed}).

    That of the dense cells, for a column of the map needs one place; of all cells where no dense one has it.
    """
    cells = grid.cells[(grid.cells["slice"] == slice_number) & (grid.cells["status"] == READY)]
    cells = cells[cells["goodput_mbps"] > 0]
    dense = cells[cells["method"].isin(grid.baselines)]
    medians, each = {}, {}
    for point in grid.points:
        chosen = dense[dense["point"] == point]
        chosen = chosen if len(chosen) else cells[cells["point"] == point]
        if len(chosen):
            by_pair = chosen.groupby("pair")["goodput_mbps"].median()
            medians[point] = float(by_pair.median())
            each |= {(point, pair): float(value) for pair, value in by_pair.items()}
    return medians, each
