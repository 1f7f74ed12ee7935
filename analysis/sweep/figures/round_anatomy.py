"""The critical path of a mean round: a bar a method, a panel a bandwidth, each with a scale of its own."""

import math

import plotly.graph_objects as go

from analysis.figures.picture import INK, Picture, page_figure, paper_figure
from analysis.sweep import labels
from analysis.sweep.anatomy import WHOLE, anatomies
from analysis.sweep.columns import ordered
from analysis.sweep.parts import PARTS


def panels(view):
    """(anatomies, points that have one, methods from the bottom)"""
    found = anatomies(view)
    points = [point for point in ordered(view) if any(place == point for _, place in found)]
    return found, points, list(reversed(view.grid.methods))


def unit(found, methods, point):
    """(factor, name) in which the longest round of a panel reads well."""
    longest = max(found[method, point].p95[WHOLE] for method in methods if (method, point) in found)
    return (1, "s") if longest >= 1 else (1e3, "ms")


def absent(view, method, point):
    """Why there is no bar."""
    return (
        labels.median(view.entry(method, point))
        if not view.entry(method, point).done
        else "no round was divided"
    )


def page(view):
    found, points, methods = panels(view)
    if not points:
        return []
    columns = 2 if len(points) > 1 else 1
    rows = math.ceil(len(points) / columns)
    height = 32 * len(methods) + 96
    figure = page_figure(
        rows=rows, height=height * rows + 70, cols=columns, shared_xaxes=False, shared_yaxes=True,
        vertical_spacing=78 / (height * rows + 70), horizontal_spacing=0.04,
        subplot_titles=[point if len(points) > 1 else "" for point in points],
    )  # fmt: skip
    for index, point in enumerate(points):
        place = {"row": index // columns + 1, "col": index % columns + 1}
        scale, name = unit(found, methods, point)
        for trace in bars(found, methods, point, scale, name, legend=index == 0):
            figure.add_trace(trace, **place)
        for row, method in enumerate(methods):
            if (method, point) not in found:
                note = {"x": 0, "xanchor": "left", "y": row, "showarrow": False, "font": {"size": 12}}
                figure.add_annotation(text=f"<i>{absent(view, method, point)}</i>", **note, **place)
        figure.update_xaxes(title_text=f"{name} a round", title_standoff=4, rangemode="tozero", **place)
        figure.update_yaxes(tickvals=list(range(len(methods))), ticktext=methods, showgrid=False, **place)
        figure.update_yaxes(range=[-0.6, len(methods) - 0.4], **place)
    figure.update_layout(barmode="stack", legend={"traceorder": "normal", "y": 1 + 30 / (height * rows)})
    figure.update_layout(margin={"t": 70})
    return [(None, figure)]


def bars(found, methods, point, scale, name, legend):
    shown = [
        (row, method, found[method, point]) for row, method in enumerate(methods) if (method, point) in found
    ]
    places = [row for row, _, _ in shown]
    for column, part in PARTS.items():
        spread = [f"{a.p5[column] * scale:.3g} to {a.p95[column] * scale:.3g}" for _, _, a in shown]
        yield go.Bar(
            y=places,
            x=[float(f"{a.mean[column] * scale:.6g}") for _, _, a in shown],
            width=0.7,
            orientation="h",
            name=part.name,
            legendgroup=column,
            showlegend=legend,
            marker={"color": part.colour, "line": {"width": 0}},
            customdata=list(zip([method for _, method, _ in shown], spread)),
            hovertemplate=f"%{{customdata[0]}}, {part.name}: mean %{{x:.3g}} {name}"
            f"<br>p5 to p95: %{{customdata[1]}} {name}<extra></extra>",
        )
    low = [max(0.0, (a.mean[WHOLE] - a.p5[WHOLE]) * scale) for _, _, a in shown]
    high = [max(0.0, (a.p95[WHOLE] - a.mean[WHOLE]) * scale) for _, _, a in shown]
    yield go.Scatter(
        x=[a.mean[WHOLE] * scale for _, _, a in shown],
        y=places,
        mode="markers",
        name="whole round, p5 to p95",
        legendgroup="whole",
        showlegend=legend,
        marker={"symbol": "line-ns-open", "size": 8, "color": INK},
        error_x={
            "symmetric": False,
            "arrayminus": low,
            "array": high,
            "color": INK,
            "thickness": 1.5,
            "width": 4,
        },
        hovertemplate=f"whole round: mean %{{x:.3g}} {name}<extra></extra>",
    )


def paper(view):
    found, points, methods = panels(view)
    if not points:
        return None
    columns = min(3, len(points))
    rows = math.ceil(len(points) / columns)
    height = 1.4 + rows * (0.85 + 0.22 * len(methods))
    figure, axes = paper_figure(
        rows, columns, width=max(6.5, 3.6 * columns + 0.8), height=height, sharey=True
    )
    for axis in axes.flat[len(points) :]:
        axis.set_visible(False)
    for axis, point in zip(axes.flat, points):
        scale, name = unit(found, methods, point)
        for row, method in enumerate(methods):
            anatomy = found.get((method, point))
            if anatomy is None:
                axis.text(0, row, f" {absent(view, method, point)}", va="center", fontsize=7, style="italic")
                continue
            left = 0.0
            for column, part in PARTS.items():
                axis.barh(row, anatomy.mean[column] * scale, left=left, height=0.7, color=part.colour)
                left += anatomy.mean[column] * scale
            ends = [[max(0, left - anatomy.p5[WHOLE] * scale)], [max(0, anatomy.p95[WHOLE] * scale - left)]]
            axis.errorbar(left, row, xerr=ends, fmt="|", ms=5, color=INK, lw=1, capsize=2)
        axis.set_title(point if len(points) > 1 else "", fontsize=9)
        axis.set_xlabel(f"{name} a round", fontsize=8)
        axis.set_xlim(left=0)
        axis.grid(axis="y", visible=False)
        axis.set_yticks(range(len(methods)), methods)
    handles = [axes[0, 0].barh(0, 0, color=part.colour, label=part.name) for part in PARTS.values()]
    across = {1: 3, 2: 5}.get(columns, 9)
    figure.legend(handles=handles, loc="outside upper right", ncols=across, columnspacing=1)
    return figure


PICTURE = Picture(
    "round_anatomy",
    "Round anatomy",
    "The critical path of a mean round: what made it as long as it was, over all rounds and seeds. The parts of a bar "
    "sum to the mean round time; the whisker spans the 5th to 95th percentile of round times. Every panel has a "
    "scale of its own.",
    "No round was divided into its parts.",
    page,
    paper,
)
