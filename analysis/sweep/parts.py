"""The nine parts of a round's critical path: their order, their words and their colours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    column: str
    name: str
    colour: str
    dark: bool  # takes white text
    meaning: str


# The colours of analysis/phases.py where the part is one of its phases.
PARTS = {
    part.column: part
    for part in (
        Part("compute_s", "compute", "#0b4f8a", True, "gradient of the worker that everybody waited for"),
        Part("straggler_s", "stragglers", "#b8bdc4", False, "waiting for others; what nothing else explains"),
        Part(
            "encode_s",
            "encode",
            "#56b4e9",
            False,
            "compressing at the worker, merging and compressing at the hub",
        ),
        Part(
            "queueing_s",
            "queueing",
            "#f2c45a",
            False,
            "up-link: ready, but nothing sent yet (queue, contention)",
        ),
        Part("air_s", "air", "#d55e00", True, "up-link: from the first byte sent to the last block received"),
        Part("retransmission_s", "retransmission", "#7a3b00", True, "up-link: sending again what was lost"),
        Part("closing_s", "closing", "#8f2d56", True, "up-link: making sure that nothing more will come"),
        Part("downlink_s", "down-link", "#00796b", True, "the whole message back to the workers"),
        Part("decode_s", "decode", "#7cc8b2", False, "unpacking and applying the update"),
    )
}
