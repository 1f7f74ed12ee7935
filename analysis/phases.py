"""The phases of a round: their order, their words and their colours, the same in every picture."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    name: str
    colour: str
    where: str
    meaning: str


# Blues and greens compute, warm colours move bytes, grey waits. Neighbours differ in lightness too, so that
# the pictures survive colour blindness and a grey printer.
PHASES = {
    phase.name: phase
    for phase in (
        Phase("gradient", "#0b4f8a", "worker", "computing the gradient"),
        Phase("encode", "#56b4e9", "worker, hub", "compressing it into blocks"),
        Phase("queue", "#f2c45a", "network", "ready, but nothing sent yet"),
        Phase("air", "#d55e00", "network", "first byte sent to last block received"),
        Phase("closing", "#8f2d56", "network", "making sure that nothing more will come"),
        Phase("wait", "#b8bdc4", "anywhere", "waiting for others; time that nothing else explains"),
        Phase("fold", "#00796b", "hub, workers", "merging the contributions"),
        Phase("decode", "#7cc8b2", "worker", "unpacking the update"),
        Phase("apply", "#3f3a73", "worker", "changing the model"),
    )
}

COMPUTED = ("gradient", "encode", "fold", "decode", "apply")


@dataclass(frozen=True)
class Step:
    """A phase at its place in a round: the air of the way up is not that of the way down."""

    name: str
    phase: str

    @property
    def colour(self):
        return PHASES[self.phase].colour


STEPS = {
    step.name: step
    for step in (
        Step("gradient", "gradient"),
        Step("encode, worker", "encode"),
        Step("queue up", "queue"),
        Step("air up", "air"),
        Step("closing up", "closing"),
        Step("wait", "wait"),
        Step("fold", "fold"),
        Step("encode, hub", "encode"),
        Step("queue down", "queue"),
        Step("air down", "air"),
        Step("closing down", "closing"),
        Step("decode", "decode"),
        Step("apply", "apply"),
    )
}


def step_of(phase, down):
    """Name of the step for a phase; down: it happens at the hub, or on a message on the way down."""
    if phase == "encode":
        return "encode, hub" if down else "encode, worker"
    if phase in ("queue", "air", "closing"):
        return f"{phase} down" if down else f"{phase} up"
    return phase
