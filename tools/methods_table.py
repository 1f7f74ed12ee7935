#!/usr/bin/env python3
"""The README's table of methods from a sweep of scenarios/methods.json: methods_table.py SWEEP_FOLDER"""

import json
import sqlite3
import statistics
import sys
from pathlib import Path


def mean_and_spread(values):
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{100 * statistics.mean(values):.1f} ± {100 * spread:.1f}"


def size(value):
    if value is None:
        return "-"
    return f"{value / 1000:.3g} kB" if value < 1e6 else f"{value / 1e6:.3g} MB"


def rows(database):
    """One for each method in the order of the grid: labels, rates, last accuracies, mean sizes per worker and round."""
    query = """
        SELECT c.labels, c.scenario, c.status,
               (SELECT r.test_accuracy FROM round r WHERE r.cell = c.cell AND r.test_accuracy IS NOT NULL
                ORDER BY r.round DESC LIMIT 1),
               (SELECT avg(r.up_information_bits) / 8 FROM round r WHERE r.cell = c.cell),
               (SELECT avg(r.up_serialised_bytes) FROM round r WHERE r.cell = c.cell),
               (SELECT avg(r.up_on_air_bytes) FROM round r WHERE r.cell = c.cell),
               (SELECT avg(r.down_serialised_bytes) FROM round r WHERE r.cell = c.cell),
               (SELECT max(r.simulated_s) FROM round r WHERE r.cell = c.cell)
        FROM cell c ORDER BY c.cell"""
    methods = {}
    for labels, scenario, status, accuracy, *numbers in database.execute(query):
        label = json.loads(labels)
        name = label["method"] if isinstance(label, dict) else label[0]
        resolved = json.loads(scenario)
        one = methods.setdefault(name, {"rate": set(), "accuracy": [], "numbers": [], "failed": 0})
        one["rate"].add(resolved["training"]["optimizer"]["learning_rate"])
        if status != "done" or accuracy is None:
            one["failed"] += 1
            continue
        one["accuracy"].append(accuracy)
        workers = resolved["workers"]
        one["numbers"].append([n if n is None else n / workers for n in numbers[:4]] + numbers[4:])
    return methods


def main():
    database = sqlite3.connect(f"file:{Path(sys.argv[1]) / 'sweep.db'}?mode=ro", uri=True)
    print("| method | rate | test accuracy, % | bits up / 8 | serialised up | on air up | serialised down | 300 rounds |")
    print("|---|---|---|---|---|---|---|---|")
    for name, one in rows(database).items():
        rate = "/".join(f"{r:g}" for r in sorted(one["rate"]))
        if not one["accuracy"]:
            print(f"| {name} | {rate} | failed in all seeds | | | | | |")
            continue
        columns = list(zip(*one["numbers"]))
        means = [None if None in column else statistics.mean(column) for column in columns]
        failed = f" ({one['failed']} failed)" if one["failed"] else ""
        print(f"| {name} | {rate} | {mean_and_spread(one['accuracy'])}{failed} | "
              + " | ".join(size(m) for m in means[:4]) + f" | {means[4]:.1f} s |")


if __name__ == "__main__":
    main()
