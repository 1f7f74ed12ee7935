"""Numbers as people read them. A missing number is said in words, never shown as 0."""

import math

from analysis.phases import PHASES


def missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))


def scaled(value, steps, digits=3):
    """steps: [(factor, unit)] by falling factor; three significant digits, thousands separated."""
    for factor, unit in steps:
        if abs(value) >= factor * 0.9995:
            break
    shown = value / factor
    exponent = int(f"{shown:.{digits - 1}e}".split("e")[1])  # of the rounded number: 0.9996 counts as 1.00
    decimals = max(0, digits - 1 - exponent) if shown else 0
    decimals = 0 if factor == steps[-1][0] == 1 and float(value).is_integer() else min(decimals, 4)
    return f"{shown:,.{decimals}f}\u202f{unit}".strip()


def seconds(value):
    return (
        "0\u202fs" if value == 0 else scaled(value, [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")], 4)
    )


def size(value):
    return scaled(value, [(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")])


def bits(value):
    return scaled(value, [(1e9, "Gbit"), (1e6, "Mbit"), (1e3, "kbit"), (1, "bit")])


def share(value):
    percent = 100 * value
    return f"{percent:.{1 if percent >= 1 or percent == 0 else 2}f}\u202f%"


def target(value):
    return f"{100 * value:g}\u202f%"


def count(value):
    return f"{value:,.0f}"


def plain(value):
    return f"{value:.4g}"


# By the end of a number's key: how it is shown.
FORMATS = (
    ("_s", seconds),
    ("_bytes", size),
    ("_bits", bits),
    ("_share", share),
    ("_accuracy", share),
    ("_target", target),
    ("_loss", plain),
    ("_m", lambda value: f"{value:.1f}\u202fm"),
    ("", count),
)


def formatted(key, value):
    if missing(value):
        return missing_word(key)
    return next(show for end, show in FORMATS if key.endswith(end))(value)


def missing_word(key):
    """Why a number with this key may be missing, in a word or two."""
    if key.endswith(("accuracy", "loss")):
        return "not evaluated"
    if key.split("_")[0] in PHASES:
        return "not modelled"
    if key.startswith("target"):
        return "not reached"
    if key.endswith(("_share", "_s", "_blocks", "samples")):
        return "not recorded"
    return "not modelled"


def listed(value):
    """A value of the meta table as a list of texts."""
    if missing(value) or value == "":
        return []
    return [text(item) for item in value] if isinstance(value, list) else [text(value)]


def text(value):
    if isinstance(value, dict):
        return ", ".join(f"{key} {text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(text(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not missing(value):
        return f"{value:.6g}"
    return "not recorded" if missing(value) else str(value)


def fast_forward(run):
    """What the mark ~ stands for, in one sentence; "" where every round was simulated."""
    if not run.drawn_rounds:
        return ""
    known = run.meta.get("sampling")
    known = known if isinstance(known, dict) else {}
    sentence = f"~ {run.drawn_rounds:,} of {len(run.rounds):,} rounds fast-forwarded"
    if known.get("interval") is not None:
        sentence += f"; interval ±{100 * known['interval']:.2g}\u202f%"
    if known.get("gave_up_after") is not None:
        sentence += f"; all simulated after round {known['gave_up_after']:,}"
    return sentence
