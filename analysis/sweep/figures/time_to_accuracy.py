"""Accuracy against what it is paid with, and which share of the seeds has reached the target by then."""

import plotly.graph_objects as go
from matplotlib.ticker import NullFormatter

from analysis.figures.picture import FAINT, Picture, page_figure, paper_figure
from analysis.sweep import labels
from analysis.sweep.columns import ordered
from analysis.sweep.curves import bytes_kind, lines, reached_by, steps
from analysis.sweep.palette import colours

ENDS = {  # symbol on the page, on paper, what it means
    "budget": ("triangle-right", ">", "the budget ended here"),
    "failed": ("x", "X", "the run failed here"),
}
PANELS = {"simulated_s": (1, 1), "round": (3, 1), "megabytes": (3, 2)}  # places on the page


def titles(view):
    kind = "on the air" if bytes_kind(view) == "on_air" else "serialised (air not modelled)"
    return {"simulated_s": "simulated time, s", "round": "round", "megabytes": f"MB {kind}, up and down"}


def page(view):
    return [(point, figure) for point in ordered(view) if (figure := of_point(view, point)) is not None]


def of_point(view, point):
    found = lines(view, point)
    if not found:
        return None
    wide = {"colspan": 2}
    figure = page_figure(
        rows=3, height=880, cols=2, specs=[[wide, None], [wide, None], [{}, {}]], shared_xaxes=False,
        row_heights=[0.48, 0.17, 0.35], vertical_spacing=0.075, horizontal_spacing=0.06,
    )  # fmt: skip
    shades = colours(view.grid)
    for name, (row, column) in PANELS.items():
        for line in found:
            for trace in drawn(line, name, shades[line.method], weight(line, found)):
                figure.add_trace(trace, row=row, col=column)
        figure.add_hline(y=view.target, line={"color": FAINT, "width": 1, "dash": "dot"}, row=row, col=column)
        figure.update_xaxes(type="log", title_text=titles(view)[name], title_standoff=4, row=row, col=column)
        figure.update_yaxes(tickformat=".0%", row=row, col=column)
    for trace in staircases(view, point, found, shades):
        figure.add_trace(trace, row=2, col=1)
    figure.update_xaxes(type="log", title_text=titles(view)["simulated_s"], title_standoff=4, row=2, col=1)
    figure.update_xaxes(title_text="", matches="x2", row=1, col=1)
    for row in (1, 3):
        figure.update_yaxes(title_text=f"{view.split} accuracy", row=row, col=1)
    share = {"title_text": f"seeds at {labels.goal(view)}", "tickvals": [0, 0.5, 1], "range": [-0.08, 1.08]}
    figure.update_yaxes(tickformat=".0%", **share, row=2, col=1)
    figure.update_layout(hovermode="closest", legend={"traceorder": "normal", "y": 1.01})
    return figure


def weight(line, found):
    """(width, opacity): medians bold, seeds thin; a seed alone in between."""
    if line.pair is None:
        return 3, 1
    return (1, 0.4) if any(other.pair is None and other.method == line.method for other in found) else (2, 1)


def drawn(line, name, shade, style):
    whose = "median" if line.pair is None else f"seeds {line.pair}"
    common = {"legendgroup": line.method, "showlegend": False}
    yield go.Scatter(
        x=[float(f"{x:.6g}") for x in line.points[name]],
        y=line.points["accuracy"].round(4).tolist(),
        mode="lines" if len(line.points) > 1 else "markers",
        opacity=style[1],
        line={"color": shade, "width": style[0]},
        hovertemplate=f"{line.method}, {whose}: %{{y:.1%}} at %{{x:.4g}}<extra></extra>",
        **common,
    )
    if line.ended:
        symbol, _, meaning = ENDS[line.ended]
        yield go.Scatter(
            x=[line.points[name].iloc[-1]],
            y=[line.points["accuracy"].iloc[-1]],
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": shade},
            hovertemplate=f"{line.method}, {whose}: {meaning}<extra></extra>",
            **common,
        )


def staircases(view, point, found, shades):
    """Kaplan-Meier of every method; a method without a finished run keeps its place in the legend."""
    until, curves = max(line.points["simulated_s"].iloc[-1] for line in found), reached_by(view, point)
    for method in dict.fromkeys(line.method for line in found):
        curve = curves.get(method)
        times, shares = steps(curve, until) if curve else ([None], [None])
        yield go.Scatter(
            x=times,
            y=shares,
            name=method,
            legendgroup=method,
            mode="lines",
            line={"color": shades[method], "width": 2.5},
            hovertemplate=f"{method}: %{{y:.0%}} of the seeds by %{{x:.4g}} s<extra></extra>",
        )
        if curve and curve.censored:
            yield go.Scatter(
                x=[time for time, _ in curve.censored],
                y=[share for _, share in curve.censored],
                legendgroup=method,
                showlegend=False,
                mode="markers",
                marker={"symbol": "triangle-right", "size": 10, "color": shades[method]},
                hovertemplate=f"{method}: cut off at %{{x:.4g}} s<extra></extra>",
            )


def paper(view):
    found = {point: measured for point in ordered(view) if (measured := lines(view, point))}
    if not found:
        return None
    names = titles(view)
    figure, axes = paper_figure(
        len(found), 4, width=12, height=1.5 + 1.75 * len(found), sharex="col", width_ratios=[1.5, 1, 1, 1]
    )
    shades = colours(view.grid)
    for row, (point, measured) in zip(axes, found.items()):
        for axis, name in zip(row, names):
            for line in measured:
                on_paper(axis, line, name, shades[line.method], weight(line, measured))
            axis.axhline(view.target, color=FAINT, lw=0.7, ls=":")
            axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        until = max(line.points["simulated_s"].iloc[-1] for line in measured)
        for method, curve in reached_by(view, point).items():
            row[3].plot(*steps(curve, until), color=shades[method], lw=1.5)
            row[3].plot(
                *zip(*curve.censored), ls="", marker=">", ms=4, color=shades[method]
            ) if curve.censored else None
        row[3].set_ylim(-0.06, 1.06)
        row[3].yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        row[0].set_ylabel(
            f"{point}\n{view.split} accuracy" if view.grid.sweep.meta.get("network_axis") else "accuracy"
        )
    for axis, title in zip(axes[-1], [*names.values(), names["simulated_s"]]):
        axis.set_xscale("log")
        axis.set_xlabel(title)
        axis.xaxis.set_major_formatter("{x:g}")
        axis.xaxis.set_minor_formatter(NullFormatter())
    axes[-1, 3].set_xlim(axes[-1, 0].get_xlim())
    axes[0, 3].set_title(f"share of the seeds at {labels.goal(view)}", fontsize=9)
    shown = [
        method
        for method in view.grid.methods
        if any(line.method == method for m in found.values() for line in m)
    ]
    handles = [axes[0, 0].plot([], [], color=shades[method], lw=2, label=method)[0] for method in shown]
    figure.legend(handles=handles, loc="outside upper right", ncols=min(7, len(handles)))
    return figure


def on_paper(axis, line, name, shade, style):
    marker = "o" if len(line.points) == 1 else None
    axis.plot(
        line.points[name],
        line.points["accuracy"],
        color=shade,
        lw=style[0] * 0.55,
        alpha=style[1],
        marker=marker,
    )
    if line.ended:
        last = line.points.iloc[-1]
        axis.plot(last[name], last["accuracy"], marker=ENDS[line.ended][1], ms=4.5, color=shade)


PICTURE = Picture(
    "time_to_accuracy",
    "Time to accuracy",
    "A thin line is a seed, a bold one their median at each evaluation (of time and of accuracy), as long as half of "
    "them run. Dotted: the target. Triangle: the budget ended before the target was reached; cross: the run failed. "
    "The staircase is the share of seeds that had reached the target by then (Kaplan-Meier).",
    "No accuracy was measured.",
    page,
    paper,
)
