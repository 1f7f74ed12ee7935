"""The three tables that every export has: cells, rounds, targets. A single run is a sweep of one cell, number 0."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import database
from analysis.errors import ReportError
from analysis.sweep import database as sweep_database

DTYPES = {"INTEGER": "Int64", "REAL": "float64", "TEXT": "string"}
TARGET_TYPES = {
    "cell": "Int64", "target": "float64", "split": "string", "reached": "Int64", "after_s": "float64",
    "by_s": "float64", "round": "Int64",
}  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """kind: 'run' or 'sweep'. frames: {'cells', 'rounds', 'targets'}; missing values are NA, never 0."""

    kind: str
    meta: dict
    frames: dict


def load(folder):
    """Reads DIR/sweep.db, else DIR/results.db. Throws ReportError."""
    sweep = folder / sweep_database.NAME
    file = sweep if sweep.is_file() else folder / "results.db"
    if not folder.is_dir() or not file.is_file():
        what = "holds no results.db and no sweep.db" if folder.is_dir() else "no such folder"
        raise ReportError(folder, what, "the folder of a run or a sweep", "give the folder named by --out")
    try:
        with closing(database.connect(file)) as connection:
            connection.execute("BEGIN")  # one snapshot
            return of_sweep(connection, file) if file == sweep else of_run(connection, file)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ReportError(
            file, f"cannot be read ({error})", "a telegrad database", "run again, or give another folder"
        ) from error


def of_sweep(connection, file):
    sweep_database.check_tables(connection, file)
    meta = sweep_database.read_meta(connection, file)
    cells = table(connection, "cell", "cell")
    labels = [database.parse(text) or {} for text in cells["labels"].fillna("{}")]
    for place, axis in enumerate(meta["axes"], start=1):
        values = [found.get(axis["name"]) if isinstance(found, dict) else None for found in labels]
        cells.insert(place, f"axis.{axis['name']}", pd.array(values, dtype="string"))
    frames = {"cells": cells, "rounds": table(connection, "round", "cell, round")}
    return Tables("sweep", meta, frames | {"targets": table(connection, "target", "cell, target")})


def of_run(connection, file):
    database.check_tables(connection, file)
    meta = database.read_meta(connection, file)
    rounds = table(connection, "round", "round")
    rounds.insert(0, "cell", pd.array([0] * len(rounds), dtype="Int64"))
    seeds = meta.get("seeds") if isinstance(meta.get("seeds"), dict) else {}
    ends = rounds["simulated_s"].dropna()
    values = {
        "cell": (0, "Int64"),
        "name": (meta.get("name"), "string"),
        "training_seed": (seeds.get("training"), "Int64"),
        "network_seed": (seeds.get("network"), "Int64"),
        "scenario": (json.dumps(meta.get("scenario")), "string"),
        "status": (meta.get("status"), "string"),
        "reason": (meta.get("status_reason"), "string"),
        "detail": (meta.get("status_detail"), "string"),
        "fingerprint": (meta.get("fingerprint"), "string"),
        "parameters": (meta.get("parameters"), "Int64"),
        "phy_rate_mbps": (meta.get("phy_rate_mbps"), "float64"),
        "rounds": (len(rounds), "Int64"),
        "simulated_s": (float(ends.max()) if len(ends) else None, "float64"),
    }
    cells = pd.DataFrame({name: pd.array([value], dtype=dtype) for name, (value, dtype) in values.items()})
    judged = meta.get("targets") if isinstance(meta.get("targets"), list) else []
    judged = [{"cell": 0} | found for found in judged if isinstance(found, dict)]
    targets = pd.DataFrame(
        {
            name: pd.array([one(found.get(name)) for found in judged], dtype=dtype)
            for name, dtype in TARGET_TYPES.items()
        }
    )
    return Tables("run", meta, {"cells": cells, "rounds": rounds, "targets": targets})


def one(value):
    return int(value) if isinstance(value, bool) else value


def table(connection, name, order):
    """A whole table, its columns of the types that it was declared with."""
    kinds = {row[1]: row[2] for row in connection.execute(f'PRAGMA table_info("{name}")')}
    rows = connection.execute(f'SELECT * FROM "{name}" ORDER BY {order}').fetchall()
    columns = zip(*rows) if rows else [()] * len(kinds)
    return pd.DataFrame(
        {
            column: pd.array(list(values), dtype=DTYPES.get(kinds[column], "string"))
            for column, values in zip(kinds, columns)
        }
    )


def cell_names(tables):
    """{cell: a name that may be a folder's}: 'cell-0012,network=5_Mbit_s,method=fp32,seeds=1-1', or the run's name."""
    names = {}
    for row in tables.frames["cells"].to_dict("records"):
        if tables.kind == "run":
            names[0] = safe(str(tables.meta.get("name") or Path("run")))
            continue
        labels = [
            f"{key[5:]}={value}"
            for key, value in row.items()
            if key.startswith("axis.") and not pd.isna(value)
        ]
        parts = [f"cell-{row['cell']:04d}", *labels, f"seeds={row['training_seed']}-{row['network_seed']}"]
        names[row["cell"]] = safe(",".join(parts))
    return names


def safe(name):
    return "".join(c if c.isalnum() or c in " ._-=,%+" else "_" for c in name).strip(". ") or "run"
