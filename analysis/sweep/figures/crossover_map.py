"""The crossover map: methods by bandwidth, coloured by how much sooner than dense they reach the target."""

import math

import plotly.graph_objects as go
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.patches import Rectangle

from analysis.figures.picture import FAINT, INK, Picture, page_figure, paper_figure
from analysis.sweep import labels
from analysis.sweep.bricks import BOTTOM, TOP, colour, wall

EDGE = "#aab2bd"
PAGE_WIDTH, PAGE_LETTER = 840, 6.6  # of all columns and of a letter in a brick, in pixels
PAPER_WIDTH, PAPER_LETTER = 7.4, 0.066  # the same in inches
LEGEND = "sooner than the\nbest dense method"


def page(view):
    found = wall(view)
    if found is None:
        return []
    figure = page_figure(height=110 + 84 * max(2, len(found.names)))
    figure.add_trace(bars(found))
    figure.add_trace(marks(found))
    if found.limit:
        figure.add_trace(legend(found))
    figure.update_layout(showlegend=False, dragmode=False, margin={"l": 64, "r": 20, "t": 54, "b": 56})
    for brick in found.bricks:
        lines = fitting(found, brick, PAGE_WIDTH, PAGE_LETTER)
        figure.add_annotation(
            x=brick.middle,
            y=brick.row + (TOP + BOTTOM) / 2,
            text="<br>".join([f"<b>{lines[0]}</b>", *lines[1:]]),
            yshift=-3,  # below a diamond
            showarrow=False,
            font={"size": 12, "color": "white" if brick.dark else INK},
            bgcolor=brick.colour if brick.hatched else None,
            borderpad=1,
        )
    for centre, point in zip(found.columns.centres, found.columns.points):
        place = {"x": centre, "y": 1, "yref": "paper", "yshift": 12}
        figure.add_annotation(text=point, showarrow=False, font={"size": 12, "color": FAINT}, **place)
    title = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yshift": 34}
    figure.add_annotation(text=top_title(view), showarrow=False, font={"size": 12, "color": FAINT}, **title)
    edges, fixed = found.columns.edges, {"showgrid": False, "fixedrange": True}
    figure.update_xaxes(
        tickvals=found.columns.centres, ticktext=ticks(found), title_text=bottom_title(view, found), **fixed
    )
    figure.update_xaxes(range=[edges[0], edges[-1]])
    names = [f"<b>{method}</b><br>{rate}" if rate else f"<b>{method}</b>" for method, rate in found.names]
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, **fixed)
    figure.update_yaxes(range=[-0.55, len(names) - 0.5])
    return [(None, figure)]


def bars(found):
    pattern = {"fgcolor": INK, "fgopacity": 0.55, "size": 9, "solidity": 0.13, "fillmode": "overlay"}
    return go.Bar(
        x=[brick.middle for brick in found.bricks],
        base=[brick.row + BOTTOM for brick in found.bricks],
        y=[TOP - BOTTOM] * len(found.bricks),
        width=[brick.x1 - brick.x0 for brick in found.bricks],
        marker={
            "color": [brick.colour for brick in found.bricks],
            "line": {"color": EDGE, "width": 1},
            "pattern": pattern | {"shape": ["/" if brick.hatched else "" for brick in found.bricks]},
        },
        hovertext=[brick.hover for brick in found.bricks],
        hoverinfo="text",
    )


def marks(found):
    diamonds = found.diamonds
    ends = [(d.x - d.low, d.high - d.x) if d.low is not None else (0, 0) for d in diamonds]
    bars = {"type": "data", "symmetric": False, "color": INK, "thickness": 2, "width": 5}
    return go.Scatter(
        x=[d.x for d in diamonds],
        y=[d.row + TOP for d in diamonds],
        error_x=bars | {"arrayminus": [low for low, _ in ends], "array": [high for _, high in ends]},
        mode="markers",
        marker={"symbol": "diamond", "size": 12, "color": "white", "line": {"color": INK, "width": 2}},
        hovertext=[d.hover for d in diamonds],
        hoverinfo="text",
    )


def legend(found):
    """A point that is not drawn, for the colour bar beside it."""
    bar = {"thickness": 12, "outlinewidth": 0, "tickvals": octaves(found), "ticktext": factors(found)}
    bar["title"] = {"text": LEGEND.replace("\n", "<br>"), "font": {"size": 12}}
    scale = [[place / 20, colour((place / 10 - 1) * 0.86)] for place in range(21)]
    marker = {"colorscale": scale, "cmin": -found.limit, "cmax": found.limit, "color": [0], "opacity": 0}
    return go.Scatter(
        x=[None], y=[None], mode="markers", marker=marker | {"colorbar": bar, "showscale": True}
    )


def octaves(found):
    step = 1 if found.limit <= 4 else 2
    most = math.floor(found.limit)
    return list(range(-most + most % step, most + 1, step))


def factors(found):
    return [f"{2.0**octave:g}×" if octave >= 0 else f"1/{2**-octave:g}×" for octave in octaves(found)]


def fitting(found, brick, width, letter):
    """Lines of a brick that its width has room for; the first always."""
    share = (brick.x1 - brick.x0) / (found.columns.edges[-1] - found.columns.edges[0])
    room = share * width / letter
    short = [line.replace(" reached", "") if len(line) > room else line for line in brick.lines]
    return [short[0], *(line for line in short[1:] if len(line) <= room)]


def ticks(found):
    return [labels.significant(goodput) if goodput else "not measured" for goodput in found.columns.goodput]


def bottom_title(view, found):
    whose = "the dense runs" if view.grid.baselines else "the runs"
    scale = "columns evenly spread, log between them" if found.columns.even else "log scale"
    scaled = len([goodput for goodput in found.columns.goodput if goodput]) > 1
    return f"measured goodput of {whose}, Mbit/s{f' ({scale})' if scaled else ''}"


def top_title(view):
    axis = view.grid.sweep.meta.get("network_axis")
    return f"{axis}, nominal:" if axis else ""


def paper(view):
    found = wall(view)
    if found is None:
        return None
    names = [f"{method}\n{rate}" if rate else method for method, rate in found.names]
    figure, ((axis,),) = paper_figure(width=PAPER_WIDTH + 2.2, height=1.3 + 0.78 * max(2, len(names)))
    for brick in found.bricks:
        place = (brick.x0, brick.row + BOTTOM), brick.x1 - brick.x0, TOP - BOTTOM
        axis.add_patch(Rectangle(*place, facecolor=brick.colour, edgecolor=EDGE, lw=0.6))
        if brick.hatched:
            axis.add_patch(Rectangle(*place, fill=False, edgecolor="#5b657388", hatch="////", lw=0))
        axis.text(
            brick.middle,
            brick.row + (TOP + BOTTOM) / 2,
            "\n".join(fitting(found, brick, PAPER_WIDTH, PAPER_LETTER)),
            ha="center",
            va="center",
            fontsize=7,
            linespacing=1.15,
            color="white" if brick.dark else INK,
            bbox={"facecolor": brick.colour, "edgecolor": "none", "pad": 0.8} if brick.hatched else None,
        )
    for d in found.diamonds:
        spread = [[d.x - d.low], [d.high - d.x]] if d.low is not None else None
        style = {
            "fmt": "D",
            "ms": 6,
            "mfc": "white",
            "mec": INK,
            "ecolor": INK,
            "capsize": 2.5,
            "elinewidth": 1.3,
        }
        axis.errorbar(d.x, d.row + TOP, xerr=spread, zorder=5, **style)
    axis.set_xlim(found.columns.edges[0], found.columns.edges[-1])
    axis.set_ylim(-0.55, len(names) - 0.5)
    axis.set_yticks(range(len(names)), names)
    axis.set_xticks(found.columns.centres, ticks(found))
    axis.set_xlabel(bottom_title(view, found))
    axis.grid(visible=False)
    top = axis.secondary_xaxis("top")
    top.set_xticks(found.columns.centres, found.columns.points)
    top.tick_params(length=0, labelsize=8)
    top.spines["top"].set_visible(False)
    top.set_xlabel(top_title(view).rstrip(":"), fontsize=8, color=FAINT)
    if found.limit:
        shades = ListedColormap([colour((place / 127.5 - 1) * 0.86) for place in range(256)])
        bar = figure.colorbar(
            ScalarMappable(Normalize(-found.limit, found.limit), shades), ax=axis, fraction=0.03, pad=0.01
        )
        bar.set_ticks(octaves(found), labels=factors(found))
        bar.set_label(LEGEND.replace("\n", " "), fontsize=8)
        bar.outline.set_visible(False)
    return figure


PICTURE = Picture(
    "crossover_map",
    "Crossover map: who is sooner than dense, and where",
    "Each brick: median simulated time to the target, its quartiles over the seeds, and how many runs reached it. "
    "Blue: sooner than the best dense method; red: later; hatched: the paired 95 % interval of the ratio contains 1. "
    "Grey: half or more of the runs did not reach it within the budget. Diamond: there the method on the row below "
    "takes as long as dense, whiskers: 95 % interval. ~: rounds were fast-forwarded.",
    "No cell of the grid belongs here.",
    page,
    paper,
)
