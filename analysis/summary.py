"""The numbers of a run: each has a key, under which the page shows it and a test finds it again."""

import math
from dataclasses import dataclass

import pandas as pd

from analysis import critical_path
from analysis.database import BYTE_KINDS, Run
from analysis.phases import COMPUTED, PHASES
from analysis.sampling import quantiles
from analysis.targets import targets


@dataclass(frozen=True)
class Study:
    """A run and what was computed from it; pictures and page are made from this alone.

    paths: {round: critical path}. steps, phases: seconds on it by round. numbers: {key: number or None}.
    """

    run: Run
    paths: dict
    steps: pd.DataFrame
    phases: pd.DataFrame
    numbers: dict
    targets: list
    workers: pd.DataFrame
    air: str  # the kind of bytes that stands for what the network carried: on_air or serialised


def study(run):
    paths = critical_path.paths(run)
    steps = critical_path.table(paths)
    phases = critical_path.by_phase(steps)
    air = "on_air" if modelled(run.rounds, "up_on_air_bytes", "down_on_air_bytes") else "serialised"
    workers = per_worker(run)
    numbers = {
        **progress(run),
        **anatomy(phases, charged(run)),
        **traffic(run.rounds),
        **losses(run.traffic),
        **quality(run.rounds),
        "workers": len(run.workers),
        "parameters": number(run.meta.get("parameters")),
        "anatomy_rounds": len(steps),
    }
    return Study(run, paths, steps, phases, numbers, targets(run, air), workers, air)


def number(value):
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def modelled(rounds, *columns):
    return len(rounds) > 0 and all(rounds[column].notna().all() for column in columns)


def progress(run):
    durations = run.rounds["duration_s"]
    if durations.empty:
        return {
            "rounds": 0,
            "simulated_s": None,
            "median_round_s": None,
            "p5_round_s": None,
            "p95_round_s": None,
        }
    p5, _, _, _, p95 = quantiles(durations)
    median = float(
        durations.quantile(0.5, interpolation="lower")
    )  # that of a real round, as the run's summary
    return {
        "rounds": len(durations),
        "simulated_s": float(run.rounds["simulated_s"].iloc[-1]),
        "median_round_s": median,
        "p5_round_s": p5,
        "p95_round_s": p95,
    }


def charged(run):
    """Phases that have time in this run. A computation that never takes any is not modelled, not 0."""
    spans = run.spans
    taken = set(spans.loc[spans["end_ns"] > spans["begin_ns"], "phase"])
    return [phase for phase in PHASES if phase not in COMPUTED or phase in taken]


def anatomy(phases, modelled_phases):
    """Median, p5, p95, mean and share of all time for every phase of the critical path."""
    result, total = {}, float(phases.to_numpy().sum())
    keys = ("median_s", "p5_s", "p95_s", "mean_s", "share")
    for phase in phases:
        if phase not in modelled_phases:
            result |= {f"{phase}_{key}": None for key in keys}
            continue
        p5, _, median, _, p95 = quantiles(phases[phase])
        sum_s = float(phases[phase].sum())
        result |= {
            f"{phase}_median_s": median,
            f"{phase}_p5_s": p5,
            f"{phase}_p95_s": p95,
            f"{phase}_mean_s": sum_s / len(phases) if len(phases) else None,
            f"{phase}_share": sum_s / total if total else None,
        }
    return result


def traffic(rounds):
    """Totals and means per round of the four kinds of bytes; None where not modelled in every round."""
    result = {}
    for kind in BYTE_KINDS:
        sums = {}
        for leg in ("up", "down"):
            column = f"{leg}_{kind}"
            sums[leg] = int(rounds[column].sum()) if modelled(rounds, column) else None
        sums["both"] = None if None in sums.values() else sums["up"] + sums["down"]
        for leg, total in sums.items():
            result[f"{leg}_total_{kind}"] = total
            result[f"{leg}_round_{kind}"] = None if total is None else total / len(rounds)
    return result


def losses(messages):
    result = {}
    for leg, rows in (
        ("up", messages[messages["purpose"] == "up"]),
        ("down", messages[messages["purpose"] == "down"]),
        ("both", messages[messages["purpose"] != "repair down"]),  # those were lost before, and are counted there
    ):
        blocks, lost = int(rows["blocks"].sum()), int(rows["lost_blocks"].sum())
        blocks, lost = (blocks, lost) if len(rows) else (None, None)
        result |= {
            f"{leg}_blocks": blocks,
            f"{leg}_lost_blocks": lost,
            f"{leg}_lost_share": lost / blocks if blocks else None,
        }
    return result


def quality(rounds):
    """Last and best of every measure, with the round it was measured in."""
    result = {}
    for column in ("validation_accuracy", "test_accuracy", "validation_loss", "test_loss", "train_loss"):
        values = rounds[["round", column]].dropna()
        result[f"final_{column}"] = float(values[column].iloc[-1]) if len(values) else None
        result[f"final_{column}_round"] = int(values["round"].iloc[-1]) if len(values) else None
        if column.endswith("accuracy"):
            result[f"best_{column}"] = float(values[column].max()) if len(values) else None
    return result


def per_worker(run):
    """One row a worker: samples, blocks and losses of both legs, seconds of messages (queued to closed)."""
    seconds = (run.messages["delivered_ns"] - run.messages["queued_ns"]) / 1e9
    rows = [
        {"worker": int(w.node), "samples": w.samples, "speed_factor": w.speed_factor}
        for w in run.workers.itertuples()
    ]
    for leg, end in (("up", "from_node"), ("down", "to_node")):
        chosen = run.messages["purpose"] == leg
        times = dict(list(seconds[chosen].groupby(run.messages.loc[chosen, end])))
        sums = (
            run.traffic[run.traffic["purpose"] == leg]
            .groupby(end)[["messages", "blocks", "lost_blocks"]]
            .sum()
        )
        for row in rows:
            total = sums.loc[row["worker"]] if row["worker"] in sums.index else dict.fromkeys(sums.columns, 0)
            messages, blocks, lost = (int(total[column]) for column in ("messages", "blocks", "lost_blocks"))
            p5, _, median, _, p95 = quantiles(times.get(row["worker"], pd.Series(dtype=float)))
            row |= {
                f"{leg}_messages": messages,
                f"{leg}_blocks": blocks,
                f"{leg}_lost_blocks": lost,
                f"{leg}_lost_share": lost / blocks if blocks else math.nan,
                f"{leg}_p5_s": p5,
                f"{leg}_median_s": median,
                f"{leg}_p95_s": p95,
            }
    return pd.DataFrame(rows)
