"""What the columns of the exported tables mean, and in which unit they are."""

UNITS = (
    ("_s", "s, simulated"), ("_bytes", "byte"), ("_bits", "bit"), ("_mbps", "Mbit/s"), ("_mb", "MB"),
    ("_accuracy", "share of 1"), ("target", "share of 1"), ("sampling_interval", "share of 1"),
)  # fmt: skip
MEANINGS = {
    "cell": "number of the run in the grid, from 0",
    "labels": "place in the grid, JSON: {axis: label}",
    "scenario": "the resolved scenario, JSON",
    "kind": "replayed: a recorded training over this network; coupled: trained here",
    "status": "waiting, running, done, failed, set_aside (died three times); of a run also interrupted",
    "source": "computed or cached",
    "ended": "what ended it: max_rounds, max_simulated_s, accuracy",
    "rounds": "rounds that were completed",
    "simulated_s": "simulated time at the end of the run, of the round",
    "begin_s": "beginning of the round",
    "goodput_mbps": "serialised payload bits up and down over the time in which any message was under way",
    "fast_forwarded": "of a cell: rounds that were not simulated packet by packet; of a round: 1 if it was such",
    "sampling_interval": "half width of the 95 % interval of the fast-forwarded communication time, relative",
    "link_independence": "why the model depends on the link; empty where it does not",
    "host_s": "time on the host",
    "reached": "1: the mean of three evaluations reached the target; 0: cut off at the cell's simulated_s",
    "after_s": "the target was reached after this evaluation ...",
    "by_s": "... and by this one",
    "test_accuracy": "on the test split; in targets: at by_s, reported, not used to judge",
    "compute_s": "critical path: gradient of the worker that everybody waited for",
    "straggler_s": "critical path: waiting for others",
    "encode_s": "critical path: encoding at the worker, folding and encoding at the hub",
    "queueing_s": "critical path: queueing and contention of the up-link",
    "air_s": "critical path: up-link on the air",
    "retransmission_s": "critical path: up-link, sent again",
    "closing_s": "critical path: making sure that nothing more will come",
    "downlink_s": "critical path: the whole down-link message",
    "decode_s": "critical path: decode and apply",
}


def described(column):
    """{name, unit, meaning}; unit and meaning are left out where the name says all."""
    unit = next((unit for end, unit in UNITS if column.endswith(end)), None)
    unit = "s, on the host" if column == "host_s" else unit
    meaning = "label on this axis of the grid" if column.startswith("axis.") else MEANINGS.get(column)
    found = {"name": column, "unit": unit, "meaning": meaning}
    return {key: value for key, value in found.items() if value is not None}
