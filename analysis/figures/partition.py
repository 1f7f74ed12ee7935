"""Who has which data: samples of every worker by label."""

import plotly.graph_objects as go

from analysis.figures.picture import CATEGORIES, Picture, page_figure, paper_figure

CLASSES = {
    "fashion_mnist": (
        "T-shirt",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    )
}


def stacks(study):
    """None, or (workers, [(label, samples by worker)])."""
    workers = study.run.workers
    known = [
        (int(row.node), row.label_histogram)
        for row in workers.itertuples()
        if isinstance(row.label_histogram, list)
    ]
    if not known:
        return None
    labels = max(len(histogram) for _, histogram in known)
    counts = [[h[label] if label < len(h) else 0 for _, h in known] for label in range(labels)]
    return [node for node, _ in known], list(zip(names(study, labels), counts))


def names(study, labels):
    scenario = study.run.meta.get("scenario")
    training = scenario.get("training") if isinstance(scenario, dict) else None
    dataset = training.get("dataset") if isinstance(training, dict) else None
    classes = CLASSES.get(dataset.get("type")) if isinstance(dataset, dict) else None
    return classes if classes and len(classes) == labels else [f"label {label}" for label in range(labels)]


def page(study):
    found = stacks(study)
    if not found:
        return None
    workers, counts = found
    figure = page_figure(height=380)
    for index, (label, samples) in enumerate(counts):
        figure.add_trace(
            go.Bar(
                x=[str(w) for w in workers],
                y=samples,
                name=label,
                marker={
                    "color": CATEGORIES[index % len(CATEGORIES)],
                    "line": {"color": "white", "width": 0.6 if len(workers) <= 60 else 0},
                },
                hovertemplate=f"%{{y}} x {label}<extra>worker %{{x}}</extra>",
            )
        )
    figure.update_layout(barmode="stack", bargap=0.2, legend={"traceorder": "normal"})
    figure.update_xaxes(title_text="worker", type="category")
    figure.update_yaxes(title_text="training samples")
    return figure


def paper(study):
    found = stacks(study)
    if not found:
        return None
    workers, counts = found
    figure, ((axis,),) = paper_figure(height=3.8)
    bottom = [0] * len(workers)
    for index, (label, samples) in enumerate(counts):
        axis.bar(
            range(len(workers)),
            samples,
            bottom=bottom,
            label=label,
            ec="white",
            lw=0.5 if len(workers) <= 60 else 0,
            color=CATEGORIES[index % len(CATEGORIES)],
        )
        bottom = [b + s for b, s in zip(bottom, samples)]
    few = max(1, len(workers) // 25)
    axis.set_xticks(range(0, len(workers), few), [str(worker) for worker in workers[::few]])
    axis.set_xlabel("worker")
    axis.set_ylabel("training samples")
    if len(counts) <= 20:
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


PICTURE = Picture(
    "partition",
    "Whose data",
    "Training samples of every worker by label. Uneven colours: they learn from different worlds.",
    "The data of the workers was not recorded.",
    page,
    paper,
)
