"""Round times over the number of workers: a curve for each label of the other axis. Of the whole grid, not of a view."""

from itertools import cycle

import plotly.graph_objects as go
from matplotlib.ticker import LogLocator, NullFormatter

from analysis.figures.picture import Picture, page_figure, paper_figure
from analysis.sweep.crowds import crowds
from analysis.sweep.palette import OTHERS

SYMBOLS = {"circle": "o", "square": "s", "diamond": "D", "triangle-up": "^", "cross": "P", "star": "*"}
TITLE = {"x": "workers", "y": "simulated seconds a round"}


def named(crowd):
    return f"{'~' if crowd.forwarded else ''}{crowd.name}" or "all runs"


def looks():
    return zip(cycle(OTHERS), cycle(SYMBOLS.items()))


def page(study):
    found = crowds(study)
    if not found:
        return []
    figure = page_figure(height=460)
    for crowd, (colour, (symbol, _)) in zip(found, looks()):
        points = crowd.points
        figure.add_trace(
            go.Scatter(
                x=points["workers"].tolist(),
                y=[float(f"{value:.6g}") for value in points["median_s"]],
                error_y={
                    "symmetric": False,
                    "array": (points["p95_s"] - points["median_s"]).tolist(),
                    "arrayminus": (points["median_s"] - points["p5_s"]).tolist(),
                    "color": colour,
                    "thickness": 1.5,
                    "width": 5,
                },
                mode="lines+markers",
                name=named(crowd),
                line={"color": colour, "width": 2.5},
                marker={"symbol": symbol, "size": 9},
                customdata=points[["p5_s", "p95_s", "rounds", "runs"]].to_numpy().tolist(),
                hovertemplate=f"{named(crowd)}, %{{x}} workers: median %{{y:.4g}} s"
                "<br>p5 to p95: %{customdata[0]:.4g} to %{customdata[1]:.4g} s"
                "<br>%{customdata[2]:,} rounds of %{customdata[3]} runs<extra></extra>",
            )
        )
    ticks = numbers(found)
    figure.update_xaxes(type="log", title_text=TITLE["x"], tickvals=ticks, ticktext=[str(n) for n in ticks])
    figure.update_yaxes(type="log", title_text=TITLE["y"], dtick="D2")
    figure.update_layout(hovermode="closest", legend={"traceorder": "normal"})
    return [(None, figure)]


def numbers(found):
    """Numbers of workers that any curve has, rising."""
    return sorted({int(workers) for crowd in found for workers in crowd.points["workers"]})


def paper(study):
    found = crowds(study)
    if not found:
        return None
    figure, ((axis,),) = paper_figure(width=7.4, height=4.6)
    for crowd, (colour, (_, marker)) in zip(found, looks()):
        points = crowd.points
        spread = [points["median_s"] - points["p5_s"], points["p95_s"] - points["median_s"]]
        style = {"color": colour, "marker": marker, "ms": 5, "lw": 1.8, "capsize": 3, "elinewidth": 1}
        axis.errorbar(points["workers"], points["median_s"], yerr=spread, label=named(crowd), **style)
    axis.set_xscale("log", base=2)
    axis.set_yscale("log")
    ticks = numbers(found)
    axis.set_xticks(ticks, [str(n) for n in ticks])
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.yaxis.set_minor_formatter(NullFormatter())
    axis.set_xlabel(TITLE["x"])
    axis.set_ylabel(TITLE["y"])
    figure.legend(loc="outside upper right", ncols=min(4, len(found)))
    return figure


PICTURE = Picture(
    "round_time_over_workers",
    "Round time over the number of workers",
    "Median of all rounds of all seeds; the whisker spans the 5th to 95th percentile. Both scales are logs: where a curve's "
    "slope is 1, every further worker takes as long as the one before it. ~: rounds were fast-forwarded.",
    "All runs have the same number of workers.",
    page,
    paper,
)
