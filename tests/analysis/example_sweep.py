"""Makes a sweep.db (schema version 1) of a plausible sweep: any axes and seeds, censored, failed, unfinished cells."""

import itertools
import json
import math
import random
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from example_sweep_schema import SCHEMA, PARTS, describe, scenario

# method: (bytes a round in both directions, rounds needed relative to dense, learning rate)
METHODS = {
    "fp32": (300_000, 1.0, 0.2),
    "fp16": (150_000, 1.0, 0.2),
    "int8": (75_000, 1.15, 0.2),
    "top-k 10 %": (40_000, 1.35, 0.2),
    "top-k 1 %": (6_500, 2.6, 0.1),
    "PowerSGD 2": (15_000, 1.8, 0.1),
}


@dataclass
class Example:
    name: str = "bandwidth against compression"
    methods: tuple = tuple(METHODS)
    rates_mbps: tuple = (0.5, 1, 2, 5, 10, 20, 54)
    seeds: int = 5
    baselines: tuple = ("fp32", "fp16")
    targets: tuple = (0.7, 0.8)
    other: tuple = ()  # ((axis name, labels), ...); "workers" is how many there are
    method_axis: object = "method"
    network_axis: object = "network"
    budget_s: float = 150.0
    max_rounds: int = 240
    every: int = 5
    noise: float = 0.06
    seconds: object = None  # (method, goodput_mbps) -> seconds of a round, in place of the model below
    need: object = None  # (method, random) -> rounds to 80 %, in place of the table above
    failed: tuple = ()  # numbers of cells
    set_aside: tuple = ()
    waiting: tuple = ()
    running: tuple = ()
    fast_forwarded: tuple = ()  # labels of points
    on_air: bool = True
    tune: object = None
    seed: int = 1


def make(folder, **settings):
    """Writes folder/sweep.db and returns the folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    example = Example(**settings)
    rows = {"cell": [], "round": [], "target": []}
    for cell, (labels, rate, pair) in enumerate(places(example)):
        play(example, cell, labels, rate, pair, rows)
    with sqlite3.connect(folder / "sweep.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        for table, found in rows.items():
            if found:
                marks = ", ".join("?" * len(found[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
        for key, value in describe(example).items():
            connection.execute("INSERT INTO meta VALUES (?, ?)", (key, json.dumps(value)))
    connection.close()
    return folder


def point(rate):
    return f"{rate:g} Mbit/s"


def places(example):
    """(labels, nominal rate, (training seed, network seed)) of every cell, in the order of the grid."""
    rates = example.rates_mbps if example.network_axis else example.rates_mbps[:1]
    methods = example.methods if example.method_axis else example.methods[:1]
    others = [[(name, label) for label in labels] for name, labels in example.other]
    for rate, method, *rest in itertools.product(rates, methods, *others):
        labels = {example.network_axis: point(rate), example.method_axis: method, **dict(rest)}
        labels.pop(None, None)
        for seed in range(1, example.seeds + 1):
            yield labels | {"": method}, rate, (seed, seed)


def play(example, cell, labels, rate, pair, rows):
    method = labels.pop("")
    status = next(
        (s for s in ("failed", "set_aside", "waiting", "running") if cell in getattr(example, s)), "done"
    )
    rng = random.Random(f"{example.seed} {labels} {pair}")
    shared = random.Random(f"{example.seed} {pair}")  # what all methods of a seed have in common
    size, factor, learning_rate = METHODS.get(method, (300_000, 1.2, 0.1))
    goodput = 0.93 * rate / (1 + rate / 60)
    seconds = (
        example.seconds(method, goodput)
        if example.seconds
        else 0.06 + 8e-6 * size / goodput + 0.004 * (method != "fp32")
    )
    seconds *= 1.25 if any("ring" in label for label in labels.values()) else 1
    workers = int(labels.get("workers", 8))
    seconds *= workers / 8
    need = (
        example.need(method, rng)
        if example.need
        else 40 * factor * shared.lognormvariate(0, example.noise) * rng.lognormvariate(0, example.noise)
    )
    begin, evaluations, end = 0.0, [], None
    forwarded = labels.get(example.network_axis) in example.fast_forwarded
    last = 0 if status == "waiting" else 30 if status == "running" else example.max_rounds
    for number in range(1, last + 1):
        length = seconds * (rng.uniform(0.97, 1.03) if example.seconds is None else 1)
        end = begin + length
        if end > example.budget_s:
            end = begin
            break
        evaluated = number % example.every == 0
        accuracy = 0.88 - 0.78 * math.exp(-number / need * math.log(0.78 / 0.08))
        accuracy += rng.gauss(0, 0.004) if example.noise else 0
        air = int(size * 1.1) if example.on_air else None
        rows["round"].append(
            (cell, number, begin, end, 2.3 * math.exp(-number / need), accuracy if evaluated else None,
             accuracy - 0.006 if evaluated else None, 0.5 if evaluated else None, None, 8,
             size // 2, size - size // 2, size * 4, size * 4,
             air and air // 2, air and air - air // 2, int(forwarded and number > 10),
             *parts(length))
        )  # fmt: skip
        if evaluated:
            evaluations.append((number, end, accuracy))
        begin = end
    played = sum(1 for row in rows["round"] if row[0] == cell)
    judge(example, cell, evaluations, size, rows)
    ended = None if status != "done" else "max_rounds" if played == example.max_rounds else "max_simulated_s"
    broken = status in ("failed", "set_aside")
    rows["cell"].append(
        (cell, json.dumps(labels), *pair, json.dumps(scenario(method, learning_rate, pair, rate, workers)),
         f"{cell:016x}", "replayed" if cell % 3 else "coupled", status,
         None if status == "waiting" else "cached" if cell % 4 == 0 else "computed", 3 if broken else 1,
         {"failed": "deadlock", "set_aside": "died three times"}.get(status),
         "no actor has moved for 60 s of simulated time" if broken else None,
         "round 3 begun\nworker 2 waits for the update of round 3\n" if broken else None, ended,
         f"{cell:08x}", 18378, 86.0, played or None, (end if played else None),
         goodput * (rng.uniform(0.97, 1.03) if example.noise else 1) if status == "done" else None,
         max(0, played - 10) if forwarded else 0, 0.021 if forwarded else None, "", 3.1, 210.0)
    )  # fmt: skip


def parts(length):
    """The nine parts of a round's critical path; they sum to its length."""
    fixed = {
        "compute_s": 0.04,
        "straggler_s": 0.012,
        "encode_s": 0.002,
        "decode_s": 0.001,
        "closing_s": 0.001,
    }
    shrink = min(1, 0.9 * length / sum(fixed.values()))
    known = {key: value * shrink for key, value in fixed.items()}
    rest = length - sum(known.values())
    known |= {"queueing_s": 0.15 * rest, "air_s": 0.4 * rest, "retransmission_s": 0.05 * rest}
    known["downlink_s"] = length - sum(known.values())
    return [known[part] for part in PARTS]


def judge(example, cell, evaluations, size, rows):
    """A target is reached by the first evaluation at which the mean of the last three is not below it."""
    for target in example.targets:
        found = (None,) * 8
        for index in range(2, len(evaluations)):
            if sum(accuracy for _, _, accuracy in evaluations[index - 2 : index + 1]) / 3 >= target:
                (before, after_s, _), (number, by_s, accuracy) = evaluations[index - 1 : index + 1]
                spent = number * int(size * 1.1) // 2
                found = (1, after_s, by_s, before, number, accuracy - 0.006, spent, spent)
                break
        rows["target"].append((cell, target, "validation", found[0] or 0, *found[1:]))


if __name__ == "__main__":
    import sys

    make(sys.argv[1], **json.loads(sys.argv[2]) if len(sys.argv) > 2 else {})
