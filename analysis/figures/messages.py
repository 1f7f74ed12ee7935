"""How long messages take, worker by worker: waiting, on the air, closing; up and down."""

import plotly.graph_objects as go

from analysis.figures.picture import INK, Picture, page_figure, paper_figure
from analysis.phases import PHASES
from analysis.sampling import quantiles

WORKERS = 50  # boxes that can still be told apart
LEGS = {"up": "from_node", "down": "to_node"}
STAGES = {
    "queue": ("queued_ns", "sent_ns"),
    "air": ("sent_ns", "arrived_ns"),
    "closing": ("arrived_ns", "delivered_ns"),
}


def shown(study):
    """Workers to draw: all, or the slowest by the median time of their messages up."""
    workers = study.workers
    if len(workers) <= WORKERS:
        return workers["worker"].tolist()
    return sorted(workers.nlargest(WORKERS, "up_median_s", keep="first")["worker"].tolist())


def boxes(study):
    """{leg: {stage: [[p5, p25, p50, p75, p95] in ms by worker]}}; a stage missed counts not."""
    result = {}
    workers = shown(study)
    for leg, end in LEGS.items():
        messages = study.run.messages[study.run.messages["purpose"] == leg]
        if messages.empty:
            continue
        groups = dict(list(messages.groupby(end)))
        result[leg] = {
            stage: [quantiles(times(groups.get(worker, messages.iloc[:0]), *ends)) for worker in workers]
            for stage, ends in STAGES.items()
        }
    return result


def times(messages, begin, end):
    return (messages[end] - messages[begin]) / 1e6


def note(study):
    hidden = len(study.workers) - len(shown(study))
    return f"worker (the {WORKERS} slowest, {hidden} more not drawn)" if hidden else "worker"


def page(study):
    found = boxes(study)
    if not found:
        return None
    workers = [str(worker) for worker in shown(study)]
    figure = page_figure(len(found), height=80 + 230 * len(found))
    crowded = len(workers) > 20  # a dark outline would be all that is left of a narrow box
    for row, (leg, stages) in enumerate(found.items(), 1):
        for stage, values in stages.items():
            p5, p25, p50, p75, p95 = zip(*values)
            figure.add_trace(
                go.Box(
                    x=workers,
                    lowerfence=list(p5),
                    q1=list(p25),
                    median=list(p50),
                    q3=list(p75),
                    upperfence=list(p95),
                    name=stage,
                    legendgroup=stage,
                    showlegend=row == 1,
                    offsetgroup=stage,
                    line={"width": 1.2, "color": PHASES[stage].colour if crowded else INK},
                    fillcolor=PHASES[stage].colour,
                    whiskerwidth=0.6,
                ),
                row=row,
                col=1,
            )
        figure.update_yaxes(title_text=f"{leg}, ms", rangemode="tozero", row=row, col=1)
    figure.update_layout(boxmode="group", boxgap=0.25)
    figure.update_xaxes(type="category")
    figure.update_xaxes(title_text=note(study), row=len(found), col=1)
    return figure


def paper(study):
    found = boxes(study)
    if not found:
        return None
    workers = shown(study)
    figure, axes = paper_figure(len(found), 1, height=1.2 + 2.0 * len(found), sharex=True)
    for axis, (leg, stages) in zip(axes[:, 0], found.items()):
        for index, (stage, values) in enumerate(stages.items()):
            stats = [dict(zip(("whislo", "q1", "med", "q3", "whishi"), value)) for value in values]
            axis.bxp(
                stats,
                positions=[x + 0.26 * (index - 1) for x in range(len(workers))],
                widths=0.2,
                showfliers=False,
                patch_artist=True,
                manage_ticks=False,
                label=stage,
                boxprops={"facecolor": PHASES[stage].colour, "lw": 0.6},
                medianprops={"color": "black", "lw": 1.2},
                whiskerprops={"lw": 0.6},
                capprops={"lw": 0.6},
            )
        axis.set_ylabel(f"{leg}, ms")
        axis.set_ylim(bottom=0)
    axes[0, 0].legend(ncols=3, loc="lower left", bbox_to_anchor=(0, 1.0))
    few = max(1, len(workers) // 25)
    axes[-1, 0].set_xticks(range(0, len(workers), few), [str(worker) for worker in workers[::few]])
    axes[-1, 0].set_xlabel(note(study))
    return figure


PICTURE = Picture(
    "messages",
    "Message times of every worker",
    "Boxes: middle half of the messages with the median; whiskers: 5th to 95th percentile. "
    "Queue: until the first byte is sent. Air: until the last block arrives. Closing: until that is known.",
    "No messages were recorded.",
    page,
    paper,
)
