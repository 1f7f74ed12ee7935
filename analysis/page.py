"""Makes the page: the template with plotly, data, style and script inlined, so that it needs no network."""

import json
import os
from pathlib import Path

import jinja2
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from analysis.figures import PICTURES
from analysis.phases import PHASES, STEPS
from analysis.words import fast_forward, formatted, listed, missing, text

HERE = Path(__file__).resolve().parent
STATUS = {
    "done": ("good", "Done"),
    "failed": ("bad", "Failed"),
    "interrupted": ("fair", "Interrupted"),
    "running": ("fair", "Still running"),
}
REASONS = {
    "max_rounds": "all rounds were run",
    "max_simulated_s": "the simulated time was used up",
    "accuracy": "the accuracy to stop at was reached",
}
KINDS = {
    "information_bits": ("Information", "what the method's paper counts: bits of the message itself"),
    "serialised_bytes": ("Serialised", "blocks as they are written: indices, values, headers of the codec"),
    "control_bytes": ("Control", "markers and verdicts of the exchange"),
    "on_air_bytes": ("On the air", "everything that the radio sent: headers, acknowledgements, repetitions"),
}


def template(folder):
    """The page's template in a folder: strict about what it is given."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"said": text}
    return environment.get_template("template.html.j2")


def save(rendered, folder):
    """Writes report.html into a folder, whole or not at all; returns its path."""
    target = folder / "report.html"
    unfinished = target.with_suffix(".html.part")
    unfinished.write_text(rendered, encoding="utf-8")
    os.replace(unfinished, target)
    return target


def render(study):
    """Text of report.html."""
    marks = study.run.drawn_rounds > 0
    figures = {picture.name: picture.page(study) for picture in PICTURES}
    return template(HERE).render(
        study=study,
        meta=study.run.meta,
        numbers=study.numbers,
        number=lambda key: number(key, study.numbers[key], marks),
        shown=lambda key, value: number(key, value, marks),
        fast_forward=fast_forward(study.run),
        status=status(study.run.meta),
        subtitle=subtitle(study),
        ribbon=ribbon(study),
        leading=leading(study),
        top=top(study),
        kinds=KINDS,
        phases=PHASES,
        pictures={picture.name: picture for picture in PICTURES},
        figures=figures,
        data={name: embedded(figure) for name, figure in figures.items() if figure is not None},
        provenance=provenance(study.run.meta),
        assumptions=listed(study.run.meta.get("assumptions")),
        not_modelled=listed(study.run.meta.get("not_modelled")),
        warnings=listed(study.run.meta.get("warnings")),
        scenario=json.dumps(study.run.meta.get("scenario"), indent=2, ensure_ascii=False),
        style=Markup((HERE / "style.css").read_text("utf-8")),
        script=Markup((HERE / "page.js").read_text("utf-8")),
        plotly=Markup(get_plotlyjs()),
    )


def embedded(figure):
    """A figure as JSON that cannot end the script element around it."""
    return Markup(figure.to_json().replace("<", "\\u003c"))


def number(key, value, marks=False):
    """A number in words, with its exact value beside it for tests and scripts. ~ where drawn rounds are in it."""
    exact = "" if missing(value) else repr(float(value)) if isinstance(value, float) else str(value)
    kind = ' class="missing"' if missing(value) else ""
    mark = "~" if marks and not missing(value) and (key.endswith("_s") or "on_air" in key) else ""
    return Markup('<span data-key="{}" data-value="{}"{}>{}{}</span>').format(
        key, exact, Markup(kind), mark, formatted(key, value)
    )


def status(meta):
    """(kind, word, why, detail) of how the run ended."""
    kind, word = STATUS.get(str(meta.get("status")), ("fair", text(meta.get("status"))))
    reason = "" if missing(meta.get("status_reason")) else text(meta.get("status_reason"))
    reason = REASONS.get(reason, reason.replace("_", " "))
    if meta.get("status") == "running":
        reason = "this page shows the rounds so far (a run that was killed looks like this, too)"
    detail = "" if missing(meta.get("status_detail")) else text(meta.get("status_detail"))
    return {"kind": kind, "word": word, "reason": reason, "detail": detail}


def subtitle(study):
    """One sentence: who learned what, how."""
    workers = study.numbers["workers"]
    parts = [f"{workers:,} worker{'s' if workers != 1 else ''}"]
    scenario = study.run.meta.get("scenario")
    for lead, *way in (
        ("model", "training", "model", "type"),
        ("data", "training", "dataset", "type"),
        ("up", "compression", "uplink", "type"),
        ("down", "compression", "downlink", "type"),
        ("network", "network", "type"),
        ("", "network", "standard"),
        ("transport up", "network", "transport", "uplink", "type"),
        ("transport down", "network", "transport", "downlink", "type"),
    ):
        value = dig(scenario, way)
        if isinstance(value, str):
            parts.append(f"{lead} {value}".strip())
    return " · ".join(parts)


def dig(value, way):
    for key in way:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def ribbon(study):
    """[(step, colour, share of all time, dark)] of an average round, in the order in which it happens."""
    total = float(study.steps.to_numpy().sum())
    if not total:
        return []
    shares = {name: float(study.steps[name].sum()) / total for name in STEPS}
    dark = {"gradient", "air", "closing", "fold", "apply"}
    return [
        (step.name, step.colour, shares[name], step.phase in dark)
        for name, step in STEPS.items()
        if shares[name]
    ]


def top(study):
    """The three phases with the largest share of all time: [(name, share)]."""
    shares = [(name, study.numbers[f"{name}_share"] or 0) for name in PHASES]
    return sorted((item for item in shares if item[1]), key=lambda item: -item[1])[:3]


def leading(study):
    """Splits by what a reader asks for first: the test set, or validation where only that was evaluated."""
    only_validation = missing(study.numbers["final_test_accuracy"])
    return ("validation", "test") if only_validation else ("test", "validation")


def provenance(meta):
    """[(what, text)] for the foot of the page."""
    rows = [
        ("Versions", meta.get("versions")),
        ("Seeds", meta.get("seeds")),
        ("Fingerprint", meta.get("fingerprint")),
        ("Host", meta.get("host")),
    ]
    if not missing(meta.get("phy_rate_mbps")):
        rows.append(("PHY rate", f"{text(meta['phy_rate_mbps'])} Mbit/s"))
    if isinstance(meta.get("link_independent"), bool):
        rows.append(("Model depends on the link", "no" if meta["link_independent"] else "yes"))
    return [(what, text(value)) for what, value in rows]
