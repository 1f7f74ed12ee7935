"""What a picture is, and the look that all of them share on the page (plotly) and on paper (matplotlib)."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib
import plotly.graph_objects as go
from matplotlib.figure import Figure
from plotly.subplots import make_subplots

from analysis.words import fast_forward, listed, text

INK, FAINT, GRID = "#1d2530", "#5b6573", "#e4e8ed"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
# Paul Tol's 'muted' scheme: distinguishable with every common colour vision deficiency.
CATEGORIES = (
    "#332288",
    "#88ccee",
    "#44aa99",
    "#117733",
    "#999933",
    "#ddcc77",
    "#cc6677",
    "#882255",
    "#aa4499",
    "#b8bdc4",
)

matplotlib.rcParams.update(
    {
        "font.family": "sans-serif",
        "font.size": 9,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": FAINT,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": GRID,
        "xtick.color": FAINT,
        "ytick.color": FAINT,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "legend.frameon": False,
        "legend.fontsize": 8,
        "text.parse_math": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "telegrad",
        "figure.dpi": 100,
    }
)


@dataclass(frozen=True)
class Picture:
    """page(study) makes the plotly figure, paper(study) the matplotlib one; None: only `empty` to say."""

    name: str
    title: str
    caption: str
    empty: str
    page: Callable
    paper: Callable


def page_figure(rows=1, height=380, **subplots):
    """An empty plotly figure in the report's look; rows share their x axis."""
    figure = make_subplots(
        rows=rows, **{"cols": 1, "shared_xaxes": True, "vertical_spacing": 0.09} | subplots
    )
    figure.update_layout(
        template=go.layout.Template(),
        height=height,
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 64, "r": 16, "t": 8, "b": 48},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "xanchor": "left"},
        hoverlabel={"bgcolor": "white", "font": {"family": FONT, "color": INK}},
        dragmode="zoom",
    )
    axis = {
        "gridcolor": GRID,
        "zeroline": False,
        "linecolor": "#aab2bd",
        "automargin": True,
        "title": {"font": {"size": 13}},
    }
    figure.update_xaxes(**axis, showline=True)
    figure.update_yaxes(**axis)
    return figure


def paper_figure(rows=1, columns=1, width=8.0, height=4.2, **subplots):
    """An empty matplotlib figure and its axes, always as a 2-D array."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **subplots)


def save(figure, picture, run, folder):
    """Writes folder/NAME.png and .svg, with what the numbers rest on below the picture."""
    save_as(figure, picture.name, picture.title, footer(run), folder)


def save_as(figure, name, title, note, folder):
    lines = textwrap.wrap(note, width=int(figure.get_figwidth() * 19))
    line_height = 0.135 / figure.get_figheight()
    space = line_height * (len(lines) + 1)
    figure.get_layout_engine().set(rect=(0.01, space, 0.98, 1 - space - 0.01))
    figure.suptitle(title, x=0.015, ha="left", fontsize=11, fontweight="bold")
    figure.text(
        0.015, line_height / 2, "\n".join(lines), fontsize=6.5, color=FAINT, va="bottom", linespacing=1.25
    )
    figure.savefig(folder / f"{name}.png", dpi=160, metadata={"Software": None})
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


def footer(run):
    meta = run.meta
    assumed = "; ".join(listed(meta.get("assumptions"))) or "nothing recorded"
    missing = "; ".join(listed(meta.get("not_modelled"))) or "nothing recorded"
    drawn = f"{sentence}. " if (sentence := fast_forward(run)) else ""
    return (
        f"{text(meta.get('name'))} ({text(meta.get('status'))}). {drawn}One seed: no uncertainty "
        f"({text(meta.get('seeds'))}; fingerprint {text(meta.get('fingerprint'))}). "
        f"Assumed: {assumed}. Not modelled: {missing}."
    )


def worker_name(node, hubs):
    return "hub" if node in hubs else f"worker {node}"
