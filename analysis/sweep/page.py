"""Makes the page of a sweep: the template with plotly, data, style and script inlined."""

import json
from pathlib import Path

from markupsafe import Markup
from plotly.offline import get_plotlyjs

from analysis.page import HERE as SHARED
from analysis.page import dig, embedded, template
from analysis.sweep import cells, labels
from analysis.sweep.answers import assuming
from analysis.sweep.figures import OF_THE_GRID, PICTURES
from analysis.sweep.grid import slice_name
from analysis.sweep.parts import PARTS
from analysis.sweep.study import file_name, seeds, statuses
from analysis.words import listed, text

HERE = Path(__file__).resolve().parent


def render(study):
    """Text of report.html."""
    meta, drawn = study.sweep.meta, figures(study)
    return template(HERE).render(
        study=study,
        meta=meta,
        labels=labels,
        views=study.views,
        answers=study.answers,
        first=study.shown,
        slices=[slice_name(place) for place in study.grid.slices],
        targets=sorted({target for _, target in study.views}, reverse=True),
        view_key=view_key,
        pictures=PICTURES,
        drawn=drawn,
        whole=whole(study),
        file_name=file_name,
        assuming=assuming(meta),
        statuses=statuses(study.sweep),
        subtitle=subtitle(study),
        standing=standing(study),
        cells=cells,
        parts=PARTS,
        learning=cells.learning(study),
        troubled=cells.troubled(study),
        everything=cells.everything(study),
        coupled=cells.depending(study),
        provenance=[
            ("Versions", text(meta.get("versions"))),
            ("Seeds (training/network)", seeds(meta) or "not recorded"),
        ],
        assumptions=listed(meta["assumptions"]),
        not_modelled=listed(meta["not_modelled"]),
        warnings=listed(meta["warnings"]),
        grid=json.dumps(meta.get("grid"), indent=2, ensure_ascii=False),
        style=Markup((SHARED / "style.css").read_text("utf-8") + (HERE / "style.css").read_text("utf-8")),
        script=Markup((HERE / "page.js").read_text("utf-8")),
        plotly=Markup(get_plotlyjs()),
    )


def figures(study):
    """{(view's key, picture's name): [(choice, id, JSON, height)]}"""
    found = {}
    for key, view in study.views.items():
        for picture in PICTURES:
            made = picture.page(view)
            found[key, picture.name] = [
                (choice, f"{picture.name}-{view_key(key)}-{index}", embedded(figure), figure.layout.height)
                for index, (choice, figure) in enumerate(made)
            ]
    return found


def whole(study):
    """[(picture, id, JSON, height)] of those of the whole grid that have something to show."""
    return [
        (picture, picture.name, embedded(figure), figure.layout.height)
        for picture in OF_THE_GRID
        for _, figure in picture.page(study)
    ]


def view_key(key):
    return f"{key[0]}-{key[1]:g}"


def subtitle(study):
    """One line: what was varied, what stayed."""
    grid, meta = study.grid, study.sweep.meta
    parts = (
        [" × ".join(f"{axis['name']} ({len(axis['labels'])})" for axis in meta["axes"])]
        if meta["axes"]
        else []
    )
    parts.append(labels.counted(len(set(grid.cells["pair"])), "pair of seeds", "pairs of seeds"))
    parts.append(labels.counted(len(grid.cells), "run"))
    scenario = next((s for s in grid.cells["scenario"] if isinstance(s, dict)), None)
    workers = dig(scenario, ("workers",))
    parts += [f"{workers} workers"] if workers else []
    for lead, *way in (("model", "training", "model", "type"), ("data", "training", "dataset", "type")):
        value = dig(scenario, way)
        parts += [f"{lead} {value}"] if isinstance(value, str) else []
    return " · ".join(parts)


def standing(study):
    """(kind, words, explanation) of how far the sweep is."""
    counts = statuses(study.sweep)
    total, done = sum(counts.values()), counts.get("done", 0)
    broken = counts.get("failed", 0) + counts.get("set_aside", 0)
    pending = counts.get("running", 0) + counts.get("waiting", 0)
    if not total:
        return "fair", "No run yet", "the grid has no cell"
    if done == total:
        return "good", "Done", "the only run" if total == 1 else f"all {total:,} runs"
    parts = [f"{done:,} of {total:,} runs done"]
    parts += [f"{broken:,} failed"] if broken else []
    parts += [f"{pending:,} still to come"] if pending else []
    word = "Still running" if pending else "Ended with failures" if broken else "Incomplete"
    rests = "all numbers rest on the runs that are done" if done else "there is nothing to measure yet"
    return "fair" if pending or done else "bad", word, f"{', '.join(parts)}; {rests}"
