"""Where the workers are, and how long their messages to the hub take from there."""

import plotly.graph_objects as go

from analysis.figures.picture import FAINT, INK, Picture, page_figure, paper_figure

SCALE = "cividis"


def placed(study):
    """None, or (workers with x, y and median_ms; hubs with x, y)."""
    nodes = study.run.nodes.dropna(subset=["x", "y"])
    times = (
        dict(zip(study.workers["worker"], 1e3 * study.workers["up_median_s"])) if len(study.workers) else {}
    )
    workers = nodes[nodes["role"] != "hub"]
    if workers.empty:
        return None
    return workers.assign(median_ms=[times.get(node) for node in workers["node"]]), nodes[
        nodes["role"] == "hub"
    ]


def page(study):
    found = placed(study)
    if not found:
        return None
    workers, hubs = found
    timed = workers["median_ms"].notna().any()
    marker = {"size": 15, "line": {"color": INK, "width": 0.8}, "color": FAINT}
    if timed:
        marker |= {
            "color": workers["median_ms"].tolist(),
            "colorscale": "Cividis",
            "reversescale": True,
            "colorbar": {"title": {"text": "ms up"}, "thickness": 12, "outlinewidth": 0},
        }
    figure = page_figure(height=380)
    few = len(workers) <= 40
    figure.add_trace(
        go.Scatter(
            x=workers["x"].tolist(),
            y=workers["y"].tolist(),
            mode="markers+text" if few else "markers",
            marker=marker,
            text=[str(node) for node in workers["node"]],
            textposition="top center",
            name="worker",
            showlegend=False,
            hovertemplate="worker %{text}<br>%{x:.2f} m, %{y:.2f} m<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=hubs["x"].tolist(),
            y=hubs["y"].tolist(),
            mode="markers+text",
            text=["hub"] * len(hubs),
            textposition="bottom center",
            marker={"symbol": "star", "size": 17, "color": "#d55e00"},
            showlegend=False,
            hovertemplate="hub<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="metres", zeroline=True, zerolinecolor="#cfd5dc")
    figure.update_yaxes(title_text="metres", scaleanchor="x", zeroline=True, zerolinecolor="#cfd5dc")
    return figure


def paper(study):
    found = placed(study)
    if not found:
        return None
    workers, hubs = found
    figure, ((axis,),) = paper_figure(width=5.6, height=4.6)
    if workers["median_ms"].notna().any():
        drawn = axis.scatter(
            workers["x"], workers["y"], c=workers["median_ms"], cmap=f"{SCALE}_r", s=70, ec=INK, lw=0.6
        )
        figure.colorbar(drawn, ax=axis, label="median message up, ms", shrink=0.8)
    else:
        axis.scatter(workers["x"], workers["y"], c=FAINT, s=70, ec=INK, lw=0.6)
    for node in workers.itertuples() if len(workers) <= 40 else ():
        axis.annotate(
            str(node.node), (node.x, node.y), xytext=(0, 6), textcoords="offset points", ha="center"
        )
    axis.scatter(hubs["x"], hubs["y"], marker="*", s=160, color="#d55e00")
    for hub in hubs.itertuples():
        axis.annotate("hub", (hub.x, hub.y), xytext=(0, -14), textcoords="offset points", ha="center")
    axis.set_aspect("equal", adjustable="datalim")
    axis.set_xlabel("metres")
    axis.set_ylabel("metres")
    return figure


PICTURE = Picture(
    "placement",
    "Where they stand",
    "Positions around the hub (star). Darker: messages to the hub take longer (median, queueing to closing).",
    "The network of this run has no positions.",
    page,
    paper,
)
