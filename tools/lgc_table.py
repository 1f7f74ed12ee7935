#!/usr/bin/env python3
"""The table of learned gradient compression in scenarios/papers from a sweep of scenarios/papers/lgc.json:

    lgc_table.py SWEEP_FOLDER
"""

import json
import sqlite3
import statistics
import sys
from pathlib import Path

LAST_STAGE = 501  # its first round: full_rounds and top_k_rounds are over
QUERY = f"""
    SELECT c.labels, c.scenario, c.simulated_s,
           (SELECT r.test_accuracy FROM round r WHERE r.cell = c.cell AND r.test_accuracy IS NOT NULL
            ORDER BY r.round DESC LIMIT 1),
           (SELECT sum(r.up_serialised_bytes) FROM round r WHERE r.cell = c.cell),
           (SELECT sum(r.down_serialised_bytes) FROM round r WHERE r.cell = c.cell),
           (SELECT avg(r.up_serialised_bytes) FROM round r WHERE r.cell = c.cell AND r.round >= {LAST_STAGE})
    FROM cell c WHERE c.status = 'done' ORDER BY c.cell"""


def main():
    methods = {}
    database = sqlite3.connect(f"file:{Path(sys.argv[1]) / 'sweep.db'}?mode=ro", uri=True)
    for labels, scenario, *numbers in database.execute(QUERY):
        rate = json.loads(scenario)["training"]["optimizer"]["learning_rate"]
        methods.setdefault((json.loads(labels)["method"], rate), []).append(numbers)
    dense = {name: statistics.mean(cell[4] for cell in cells) for (name, _), cells in methods.items() if "dense" in name}
    print("| method | learning rate | test accuracy, % | up in 1,000 rounds, MB | down, MB | up in a round of the last stage, bytes "
          "| dense sends times as much | simulated s |")
    print("|---|---|---|---|---|---|---|---|")
    for (name, rate), cells in methods.items():
        seconds, accuracies, up, down, last = zip(*cells)
        baseline = dense["dense, ring" if "ring" in name else "dense"]
        print(f"| {name} | {rate:g} | {100 * statistics.mean(accuracies):.1f} ± {100 * statistics.stdev(accuracies):.1f} "
              f"| {statistics.mean(up) / 1e6:.2f} | {statistics.mean(down) / 1e6:.2f} | {statistics.mean(last):,.0f} "
              f"| {baseline / statistics.mean(last):.0f} | {statistics.mean(seconds):.1f} |")


if __name__ == "__main__":
    main()
