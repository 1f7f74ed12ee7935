"""Whose contributions came in time, and for whom everybody waited."""

import plotly.graph_objects as go

from analysis.figures.picture import Picture, page_figure, paper_figure

FATES = {
    "applied": "#44aa99",
    "partly": "#88ccee",
    "deferred": "#ddcc77",
    "returned": "#cc6677",
    "dropped": "#882255",
    "missing": "#b8bdc4",
}
MEANING = {
    "applied": "in time",
    "partly": "in time, blocks lost",
    "deferred": "late, counted in the next round",
    "returned": "late, back to feedback",
    "dropped": "late, lost",
    "missing": "never came",
}


def counted(study):
    """None, or (workers, {fate: contributions by worker}, seconds that others waited for each)."""
    table = study.run.contributions
    if table.empty:
        return None
    workers = [int(node) for node in study.run.workers["node"]]
    fates = {
        fate: [int(counts.get(worker, 0)) for worker in workers]
        for fate in FATES
        if not (counts := table[table["fate"] == fate]["node"].value_counts()).empty
    }
    alone = seconds_alone(table)
    return workers, fates, [float(alone.get(worker, 0.0)) for worker in workers]


def seconds_alone(table):
    """{worker: seconds between its arrival, as the last one that counted, and the one before}."""
    counts = table[table["fate"].isin(["applied", "partly"])].sort_values(["closed_ns", "arrived_ns", "node"])
    gap = counts.groupby("closed_ns")["arrived_ns"].diff()
    last = ~counts["closed_ns"].duplicated(keep="last")
    return (gap[last] / 1e9).groupby(counts["node"][last]).sum()


def page(study):
    found = counted(study)
    if not found:
        return None
    workers, fates, alone = found
    names = [str(worker) for worker in workers]
    figure = page_figure(2, height=480)
    for fate, counts in fates.items():
        figure.add_trace(
            go.Bar(
                x=names,
                y=counts,
                name=MEANING[fate],
                marker={"color": FATES[fate]},
                hovertemplate=f"%{{y}} {MEANING[fate]}<extra>worker %{{x}}</extra>",
            ),
            row=1,
            col=1,
        )
    figure.add_trace(
        go.Bar(
            x=names,
            y=alone,
            showlegend=False,
            marker={"color": "#332288"},
            hovertemplate="%{y:.3g} s<extra>waited for worker %{x}</extra>",
        ),
        row=2,
        col=1,
    )
    figure.update_layout(barmode="stack", bargap=0.2, legend={"traceorder": "normal"})
    figure.update_xaxes(type="category")
    figure.update_xaxes(title_text="worker", row=2, col=1)
    figure.update_yaxes(title_text="contributions", row=1, col=1)
    figure.update_yaxes(title_text="waited for it alone, s", row=2, col=1)
    return figure


def paper(study):
    found = counted(study)
    if not found:
        return None
    workers, fates, alone = found
    figure, axes = paper_figure(2, 1, height=4.6, sharex=True)
    bottom = [0] * len(workers)
    for fate, counts in fates.items():
        axes[0, 0].bar(range(len(workers)), counts, bottom=bottom, label=MEANING[fate], color=FATES[fate])
        bottom = [b + c for b, c in zip(bottom, counts)]
    axes[0, 0].set_ylabel("contributions")
    axes[0, 0].legend(ncols=3, loc="lower left", bbox_to_anchor=(0, 1.0))
    axes[1, 0].bar(range(len(workers)), alone, color="#332288")
    axes[1, 0].set_ylabel("waited for it alone, s")
    few = max(1, len(workers) // 25)
    axes[1, 0].set_xticks(range(0, len(workers), few), [str(worker) for worker in workers[::few]])
    axes[1, 0].set_xlabel("worker")
    return figure


PICTURE = Picture(
    "waiting",
    "Who was waited for, and who came late",
    "Above: what became of the contributions that the hub asked each worker for. Below: how long a collection stayed "
    "open for a worker alone, from the arrival of the one before it to its own, in all.",
    "Nobody collects contributions in this run, or it is of an older version.",
    page,
    paper,
)
