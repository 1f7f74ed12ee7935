#!/usr/bin/env python3
"""Runs scenarios/papers/clat.json with every fixed T and every cost model; prints what each needs to come within 1e-6 of
the optimum: rounds, bits up, simulated seconds. Usage: tools/clat_table.py TELEGRAD [--keep FOLDER]"""

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios/papers/clat.json"
OPTIMUM, WITHIN = 0.33352631366161095, 1e-6
FIXED = (1, 2, 5, 10, 20, 30, 40, 50)
SEVERAL = {
    "payload": {"model": "payload"},
    "packets of 512 bytes": {"model": "packet_bits", "c1": 4608, "c0": 512, "packet_bits": 4096},
    "measured, seconds": {"model": "measured", "unit": "seconds"},
}


def methods():
    for count in FIXED:
        yield f"T = {count}", {"type": "top_k", "k": count, "granularity": "model", "error_feedback": False}
    for mode, name in (("sparsify", "S"), ("sign", "S+Q")):
        for cost, model in SEVERAL.items():
            yield f"CLAT {name}, {cost}", {"type": "clat", "mode": mode, "cost": model}


def run(telegrad, method, folder):
    command = [telegrad, "run", SCENARIO, "--out", folder, "--replace", "--no-report"]
    command += ["--set", f"/compression/uplink={json.dumps(method)}"]
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True) as database:
        return database.execute(
            "SELECT round, simulated_s, (SELECT sum(up_information_bits) FROM round b WHERE b.round <= a.round)"
            " FROM round a WHERE test_loss <= ? ORDER BY round LIMIT 1",
            (OPTIMUM + WITHIN,),
        ).fetchone()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("telegrad", help="the program")
    parser.add_argument("--keep", type=Path, help="folder for the runs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        print("| method | rounds | bits up | simulated s |\n|---|---|---|---|")
        for number, (name, method) in enumerate(methods()):
            reached = run(arguments.telegrad, method, folder / str(number))
            cells = ("not reached", "", "") if reached is None else (reached[0], f"{reached[2]:,}", f"{reached[1]:.2f}")
            print(f"| {name} | {cells[0]} | {cells[1]} | {cells[2]} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
