"""Every picture of the report. A new one: a module with a PICTURE, a line here, a place in the template."""

from analysis.figures import anatomy, learning, messages, partition, placement, rounds, timeline, waiting

PICTURES = [
    learning.PICTURE,
    anatomy.PICTURE,
    timeline.PICTURE,
    rounds.PICTURE,
    waiting.PICTURE,
    messages.PICTURE,
    partition.PICTURE,
    placement.PICTURE,
]
