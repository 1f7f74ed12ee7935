#!/usr/bin/env python3
"""The README's table of methods from sweeps of scenarios/methods.json, or of parts of it:

    methods_table.py SWEEP_FOLDER...

A method's cells may lie in several folders (other seeds, another network): its accuracy is over all seeds, its sizes over
the cells that know them. Over links that lose nothing the models do not depend on the network.
"""

import json
import sqlite3
import statistics
import sys
from pathlib import Path

QUERY = """
    SELECT c.labels, c.scenario, c.training_seed, c.status,
           (SELECT r.test_accuracy FROM round r WHERE r.cell = c.cell AND r.test_accuracy IS NOT NULL
            ORDER BY r.round DESC LIMIT 1),
           (SELECT avg(r.up_information_bits) / 8 FROM round r WHERE r.cell = c.cell),
           (SELECT avg(r.up_serialised_bytes) FROM round r WHERE r.cell = c.cell),
           (SELECT avg(r.up_on_air_bytes) FROM round r WHERE r.cell = c.cell),
           (SELECT avg(r.down_serialised_bytes) FROM round r WHERE r.cell = c.cell)
    FROM cell c WHERE c.status <> 'waiting' ORDER BY c.cell"""


GRID = Path(__file__).parent.parent / "scenarios" / "methods.json"


def accuracy(by_seed, seeds):
    values = [value for value in by_seed.values() if value is not None]
    if not values:
        return f"diverged with all {len(by_seed)} seeds"
    spread = f" ± {100 * statistics.stdev(values):.1f}" if len(values) > 1 else ""
    note = f", {len(by_seed) - len(values)} of {len(by_seed)} diverged" if len(values) < len(by_seed) else ""
    few = f" ({len(by_seed)} of {seeds} seeds)" if len(by_seed) < seeds else ""
    return f"{100 * statistics.mean(values):.1f}{spread}{note}{few}"


def size(values):
    known = [value for value in values if value is not None]
    return f"{statistics.mean(known) / 1000:.3g}" if known else ""


def main():
    methods = {}
    for folder in sys.argv[1:]:
        database = sqlite3.connect(f"file:{Path(folder) / 'sweep.db'}?mode=ro", uri=True)
        for labels, scenario, seed, status, reached, *sizes in database.execute(QUERY):
            resolved = json.loads(scenario)
            name, rate = json.loads(labels)["method"], resolved["training"]["optimizer"]["learning_rate"]
            one = methods.setdefault(name, {"rate": rate, "accuracy": {}, "sizes": []})
            if one["rate"] != rate:  # tuned anew in a later folder
                methods[name] = one = {"rate": rate, "accuracy": {}, "sizes": []}
            one["accuracy"][seed] = reached if status == "done" else None
            if status == "done":
                one["sizes"].append([n if n is None else n / resolved["workers"] for n in sizes])
    print("| method | learning rate | test accuracy, % | up: information, kB | up: serialised | up: on the air | down: serialised |")
    print("|---|---|---|---|---|---|---|")
    grid = json.loads(GRID.read_text())
    for name in grid["axes"]["method"]:
        if name not in methods:
            continue
        one = methods[name]
        columns = list(zip(*one["sizes"])) or [[]] * 4
        print(f"| {name} | {one['rate']:g} | {accuracy(one['accuracy'], grid['seeds'])} | " + " | ".join(map(size, columns)) + " |")


if __name__ == "__main__":
    main()
