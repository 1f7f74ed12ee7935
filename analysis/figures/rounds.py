"""The critical path over the whole run: one stacked bar a round, or a few rounds."""

import plotly.graph_objects as go

from analysis.figures.picture import Picture, page_figure, paper_figure
from analysis.phases import PHASES
from analysis.sampling import binned

BARS = 200


def stacks(study):
    """(frame of milliseconds by phase, indexed by round; text that says how many rounds are in a bar)"""
    means, width = binned(study.phases * 1e3, BARS)
    rounds = width * study.run.stride
    return means, f"mean of about {rounds} rounds a bar" if rounds > 1 else "one bar a round"


def page(study):
    if study.phases.empty:
        return None
    means, note = stacks(study)
    figure = page_figure(height=360)
    for name, phase in PHASES.items():
        if means[name].max() > 0:
            figure.add_trace(
                go.Bar(
                    x=list(means.index),
                    y=means[name].round(6).tolist(),
                    name=name,
                    marker={"color": phase.colour, "line": {"width": 0}},
                    hovertemplate=f"{name}: %{{y:.4g}} ms<extra>round %{{x}}</extra>",
                )
            )
    figure.update_layout(
        barmode="stack", bargap=0.08 if len(means) <= 80 else 0, legend={"traceorder": "normal"}
    )
    figure.update_xaxes(title_text=f"round ({note})")
    figure.update_yaxes(title_text="milliseconds")
    return figure


def paper(study):
    if study.phases.empty:
        return None
    means, note = stacks(study)
    figure, ((axis,),) = paper_figure(height=3.9)
    positions = means.index.to_numpy(dtype=float)
    middles = (positions[1:] + positions[:-1]) / 2
    half = (positions[-1] - positions[0]) / max(1, len(positions) - 1) / 2 if len(positions) > 1 else 0.5
    edges = [positions[0] - half, *middles, positions[-1] + half]
    bottom = means.iloc[:, 0].to_numpy() * 0
    for name, phase in PHASES.items():
        if means[name].max() > 0:
            top = bottom + means[name].to_numpy()
            axis.stairs(top, edges, baseline=bottom, fill=True, color=phase.colour, label=name)
            bottom = top
    axis.set_ylim(bottom=0)
    axis.set_xlabel(f"round ({note})")
    axis.set_ylabel("milliseconds")
    axis.legend(ncols=9, loc="lower center", bbox_to_anchor=(0.5, 1.0), columnspacing=1, handlelength=1)
    return figure


PICTURE = Picture(
    "rounds",
    "Rounds over the run",
    "The height of a bar is the round time: its colours are the phases on the critical path.",
    "No spans were recorded, so the time of a round cannot be divided.",
    page,
    paper,
)
