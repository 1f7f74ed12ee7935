"""TensorBoard's event files whose wall time is simulated time and whose step is the round: a folder a cell."""

import pandas as pd

from analysis.exports.events import event, record, version
from analysis.exports.tables import cell_names

# Tag: column of rounds. Bytes are of the round; those summed since the beginning have a tag of their own.
TAGS = {
    "accuracy/validation": "validation_accuracy",
    "accuracy/test": "test_accuracy",
    "loss/train": "train_loss",
    "loss/validation": "validation_loss",
    "loss/test": "test_loss",
    "bytes/up_on_air": "up_on_air_bytes",
    "bytes/down_on_air": "down_on_air_bytes",
    "bytes/up_serialised": "up_serialised_bytes",
    "bytes/down_serialised": "down_serialised_bytes",
}
SUMS = {"bytes/on_air_so_far": "on_air_bytes", "bytes/serialised_so_far": "serialised_bytes"}
NAME = "events.out.tfevents.0000000000.telegrad"  # the same at every export: a second one replaces the first


def write(tables, out):
    """A folder for every cell that has rounds; TensorBoard's axis 'relative' is then simulated time."""
    names, written = cell_names(tables), []
    for cell, rounds in tables.frames["rounds"].dropna(subset=["simulated_s"]).groupby("cell"):
        folder = out / names[cell]
        folder.mkdir(parents=True, exist_ok=True)
        written.append(folder / NAME)
        written[-1].write_bytes(log(rounds))
    return written


def log(rounds):
    """The bytes of one event file."""
    rounds = rounds.assign(
        **{name: rounds[f"up_{name}"] + rounds[f"down_{name}"] for name in SUMS.values()},
        round_s=rounds["simulated_s"] - rounds["begin_s"],
    )
    for name in SUMS.values():
        rounds[name] = rounds[name].cumsum(skipna=False)
    tags = TAGS | SUMS | {"time/round_s": "round_s"}
    first = rounds["begin_s"].iloc[0]
    parts = [record(version(0.0 if pd.isna(first) else float(first)))]
    for row in rounds[["round", "simulated_s", *tags.values()]].to_dict("records"):
        scalars = {tag: float(row[column]) for tag, column in tags.items() if not pd.isna(row[column])}
        parts.append(record(event(float(row["simulated_s"]), int(row["round"]), scalars)))
    return b"".join(parts)
