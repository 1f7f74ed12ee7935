"""Where the time of a round goes: every step of the critical path, in the order in which it happens."""

import plotly.graph_objects as go

from analysis.figures.picture import FAINT, INK, Picture, page_figure, paper_figure
from analysis.phases import PHASES, STEPS
from analysis.sampling import quantiles
from analysis.words import seconds


def rows(study):
    """[(step, p5, median, p95)] in ms of the steps that ever took time, last first (axes grow upwards)."""
    taken = [name for name in STEPS if len(study.steps) and study.steps[name].max() > 0]
    found = []
    for name in reversed(taken):
        p5, _, median, _, p95 = (1e3 * value for value in quantiles(study.steps[name]))
        found.append((STEPS[name], p5, median, p95))
    return found


def page(study):
    found = rows(study)
    if not found:
        return None
    figure = page_figure(height=60 + 30 * len(found))
    names = [step.name for step, *_ in found]
    figure.add_trace(
        go.Bar(
            y=names,
            base=[p5 for _, p5, _, _ in found],
            x=[p95 - p5 for _, p5, _, p95 in found],
            orientation="h",
            width=0.62,
            marker={"color": [step.colour for step, *_ in found], "line": {"color": FAINT, "width": 0.5}},
            opacity=0.75,
            showlegend=False,
            hovertext=[hover(*row) for row in found],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            y=names,
            x=[median for _, _, median, _ in found],
            mode="markers",
            showlegend=False,
            hoverinfo="skip",
            marker={"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": INK}},
        )
    )
    figure.update_xaxes(title_text="milliseconds on the critical path", rangemode="tozero")
    return figure


def hover(step, p5, median, p95):
    return (
        f"<b>{step.name}</b>: {PHASES[step.phase].meaning}<br>median {seconds(median / 1e3)}, "
        f"p5 to p95 {seconds(p5 / 1e3)} to {seconds(p95 / 1e3)}"
    )


def paper(study):
    found = rows(study)
    if not found:
        return None
    figure, ((axis,),) = paper_figure(height=1.3 + 0.26 * len(found))
    for y, (step, p5, median, p95) in enumerate(found):
        axis.barh(y, max(p95 - p5, 1e-9), left=p5, height=0.62, color=step.colour, alpha=0.75)
        axis.plot([median, median], [y - 0.38, y + 0.38], color=INK, lw=2)
    axis.set_yticks(range(len(found)), [step.name for step, *_ in found])
    axis.set_xlim(left=0)
    axis.set_xlabel("milliseconds on the critical path")
    return figure


PICTURE = Picture(
    "anatomy",
    "Steps of a round",
    "Bar: 5th to 95th percentile of all rounds. Black mark: median. From top to bottom as it happens.",
    "No spans were recorded, so the time of a round cannot be divided.",
    page,
    paper,
)
