"""One real round, node by node: the one whose time is nearest to the median."""

import pandas as pd
import plotly.graph_objects as go

from analysis.critical_path import transfer
from analysis.figures.picture import INK, Picture, page_figure, paper_figure, worker_name
from analysis.phases import PHASES, STEPS

NODES = 60  # rows that can still be told apart
BELOW = 0.44  # the critical path runs just below the bars, whose height is 0.74


def typical(study):
    """Number of the recorded round whose time is nearest to the median of all."""
    rounds = study.run.rounds.set_index("round")["duration_s"]
    distance = (rounds[list(study.paths)] - study.numbers["median_round_s"]).abs()
    return distance.idxmin()


def bars(study, number):
    """Frame of phase, node (of whose row it is), begin_ms, length_ms; messages lie on the worker's row."""
    run, hubs, rows = study.run, study.run.hubs, []
    spans = run.spans[run.spans["round"] == number]
    for span in spans.itertuples():
        rows.append((span.phase, span.node, span.begin_ns, span.end_ns))
    messages = run.messages[run.messages["round"] == number].dropna(subset=["queued_ns", "delivered_ns"])
    for m in messages.itertuples():
        row = m.to_node if m.from_node in hubs else m.from_node
        parts = transfer(
            m.from_node,
            m.to_node,
            int(m.queued_ns),
            m.sent_ns,
            m.arrived_ns,
            int(m.delivered_ns),
            m.purpose.endswith("down"),
        ).parts
        rows.extend((STEPS[step].phase, row, begin, end) for step, begin, end in parts)
    frame = pd.DataFrame(rows, columns=["phase", "node", "begin", "end"])
    start = int(run.rounds.loc[run.rounds["round"] == number, "start_ns"].iloc[0])
    frame["begin_ms"] = (frame["begin"] - start) / 1e6
    frame["length_ms"] = (frame["end"] - frame["begin"]) / 1e6
    return frame[frame["length_ms"] > 0]


def trail(study, number):
    """Critical path as [(ms, node of whose row)], in time; what the hub sends lies on its receiver's row."""
    path, points, hubs = study.paths[number], [], study.run.hubs
    start, row = path[0][2], path[-1][1]
    for step, node, begin, end in reversed(path):
        row = row if step.endswith(" down") and node in hubs else node
        points += [((end - start) / 1e6, row), ((begin - start) / 1e6, row)]
    return points[::-1]


def layout(study):
    """None, or (round, bars, trail, rows: {node: y}, names by y); hub on top, worker 0 below it."""
    if not study.paths:
        return None
    number = typical(study)
    points = trail(study, number)
    hubs = study.run.hubs
    on_path = list(dict.fromkeys(node for _, node in points))
    order = [*sorted(hubs), *sorted(set(study.run.nodes["node"]) - hubs)]
    shown = [node for node in order if node in on_path or order.index(node) < NODES - len(on_path)]
    rows = {node: len(shown) - 1 - index for index, node in enumerate(shown)}
    found = bars(study, number)
    names = [worker_name(node, hubs) for node in reversed(shown)]
    return number, found[found["node"].isin(rows)], points, rows, names


def page(study):
    laid = layout(study)
    if laid is None:
        return None
    number, found, points, rows, names = laid
    figure = page_figure(height=120 + (26 if len(names) <= 20 else 15) * len(names))
    for name, phase in PHASES.items():
        chosen = found[found["phase"] == name]
        if len(chosen):
            figure.add_trace(
                go.Bar(
                    y=[rows[node] for node in chosen["node"]],
                    base=chosen["begin_ms"].tolist(),
                    x=chosen["length_ms"].tolist(),
                    orientation="h",
                    width=0.74,
                    name=name,
                    marker={"color": phase.colour, "line": {"width": 0}},
                    hovertemplate=f"{name}: %{{x:.4g}} ms, from %{{base:.5g}} ms<extra></extra>",
                )
            )
    figure.add_trace(
        go.Scatter(
            x=[x for x, _ in points],
            y=[rows[node] - BELOW for _, node in points],
            mode="lines",
            name="critical path",
            line={"color": INK, "width": 2.5},
            hoverinfo="skip",
        )
    )
    figure.update_layout(barmode="overlay", legend={"traceorder": "normal"})
    figure.update_yaxes(
        tickfont={"size": 13 if len(names) <= 20 else 10},
        tickvals=list(range(len(names))),
        ticktext=names,
        range=[-0.7, len(names) - 0.4],
    )
    figure.update_xaxes(title_text=f"milliseconds into round {number}")
    return figure


def paper(study):
    laid = layout(study)
    if laid is None:
        return None
    number, found, points, rows, names = laid
    figure, ((axis,),) = paper_figure(height=1.6 + 0.24 * len(names))
    for name, phase in PHASES.items():
        chosen = found[found["phase"] == name]
        if len(chosen):
            axis.barh(
                [rows[node] for node in chosen["node"]],
                chosen["length_ms"],
                left=chosen["begin_ms"],
                height=0.74,
                color=phase.colour,
                label=name,
            )
    axis.plot(
        [x for x, _ in points],
        [rows[node] - BELOW for _, node in points],
        color=INK,
        lw=1.6,
        label="critical path",
    )
    axis.use_sticky_edges = False
    axis.set_yticks(range(len(names)), names)
    axis.grid(axis="y", visible=False)
    axis.set_xlabel(f"milliseconds into round {number}")
    axis.legend(ncols=10, loc="lower center", bbox_to_anchor=(0.5, 1.0), columnspacing=1, handlelength=1)
    return figure


PICTURE = Picture(
    "timeline",
    "A typical round, node by node",
    "The black line is the critical path: shorten what lies on it and the round gets shorter. "
    "Messages are drawn at the worker that sends or gets them. Bars left of 0 began while others were still "
    "in the round before.",
    "No spans were recorded.",
    page,
    paper,
)
