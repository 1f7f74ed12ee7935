"""Accuracy and loss against simulated time, rounds and bytes."""

import plotly.graph_objects as go

from analysis.figures.picture import FAINT, GRID, Picture, page_figure, paper_figure
from analysis.figures.reached import REACHED, marked_targets, shapes
from analysis.sampling import evenly, smoothed
from analysis.targets import cumulative_bytes
from analysis.words import target as shown

POINTS = 2_000
VALIDATION, TEST, TRAINING = "#0b4f8a", "#d55e00", "#5b6573"
SERIES = (  # column, name, colour, row, dash
    ("validation_accuracy", "validation accuracy", VALIDATION, "accuracy", "solid"),
    ("test_accuracy", "test accuracy", TEST, "accuracy", "solid"),
    ("train_loss", "training loss", TRAINING, "loss", "solid"),
    ("validation_loss", "validation loss", VALIDATION, "loss", "dash"),
    ("test_loss", "test loss", TEST, "loss", "dash"),
)


def series(study):
    """[(row, name, colour, dash, faint, positions in rounds, values)] of what was measured."""
    rounds, found = study.run.rounds, []
    for column, name, colour, row, dash in SERIES:
        values = rounds[column].dropna()
        if values.empty:
            continue
        mean, width = smoothed(values) if column == "train_loss" else (values, 1)
        kept = values.index[evenly(len(values), POINTS)]
        if width > 1:
            found.append((row, name, "#b4bcc6", dash, True, kept, values[kept]))
            name = f"{name}, mean of {width} rounds"
        found.append((row, name, colour, dash, False, kept, mean[kept]))
    return found


def views(study):
    """[(name, axis title, x by round)]: what accuracy is paid with."""
    rounds, spent = study.run.rounds, cumulative_bytes(study.run.rounds, study.air)
    found = [("time", "simulated time (s)", rounds["simulated_s"]), ("rounds", "round", rounds["round"])]
    if spent is not None:
        kind = "on the air" if study.air == "on_air" else "serialised (air not modelled)"
        found.append(("bytes", f"MB {kind}, up and down", spent / 1e6))
    return found


def panels(found):
    return [row for row in ("accuracy", "loss") if any(item[0] == row for item in found)]


def page(study):
    found = series(study)
    if not found:
        return None
    rows = panels(found)
    figure = page_figure(len(rows), height=250 * len(rows) + 60)
    for row, name, colour, dash, faint, kept, values in found:
        few = len(values) <= 60 and not faint
        figure.add_trace(
            go.Scatter(
                x=study.run.rounds["simulated_s"][kept].tolist(),
                y=values.tolist(),
                name=name,
                mode="lines+markers" if few else "lines",
                showlegend=True,
                opacity=0.7 if faint else 1,
                marker={
                    "size": 7 if len(values) > 1 else 11,
                    "symbol": "circle" if len(values) > 1 else "diamond",
                },
                line={"color": colour, "width": 1 if faint else 2, "dash": dash},
                hovertemplate="%{y:.4g} at %{x:.5g}",
            ),
            row=rows.index(row) + 1,
            col=1,
        )
        figure.update_yaxes(title_text=row, row=rows.index(row) + 1, col=1)
    if "accuracy" in rows:
        figure.update_yaxes(tickformat=".0%", row=1, col=1)
    choices = []
    for name, title, x in views(study):
        marks = marked_targets(study, x) if "accuracy" in rows else []
        choices.append(
            {
                "name": name,
                "title": title,
                "axis": f"xaxis{len(rows) if len(rows) > 1 else ''}",
                "x": [x[item[5]].tolist() for item in found],
                "shapes": shapes(marks),
            }
        )
    notes = [
        {
            "text": f"target {shown(t['target'])}",
            "x": 0,
            "xref": "paper",
            "y": t["target"],
            "yref": "y",
            "xanchor": "left",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": 11, "color": FAINT},
        }
        for t in study.targets
        if "accuracy" in rows
    ]
    figure.update_layout(
        meta={"views": choices}, shapes=choices[0]["shapes"], annotations=notes, hovermode="closest"
    )
    figure.update_xaxes(title_text=choices[0]["title"], row=len(rows), col=1)
    return figure


def paper(study):
    found = series(study)
    if not found:
        return None
    rows = panels(found)
    choices = views(study)
    figure, axes = paper_figure(
        len(rows), len(choices), width=10, height=2.3 * len(rows) + 0.9, sharex="col", sharey="row"
    )
    for row, name, colour, dash, faint, kept, values in found:
        for column, (_, title, x) in enumerate(choices):
            axis = axes[rows.index(row), column]
            style = {"marker": "o", "markersize": 3} if len(values) <= 60 and not faint else {}
            axis.plot(
                x[kept],
                values,
                color=colour,
                lw=0.6 if faint else 1.4,
                label=name,
                ls="--" if dash == "dash" else "-",
                **style,
            )
            axes[-1, column].set_xlabel(title)
        axes[rows.index(row), 0].set_ylabel(row)
    for column, (_, _, x) in enumerate(choices):
        for target, before, by in marked_targets(study, x) if "accuracy" in rows else []:
            axes[0, column].axhline(target, color=FAINT, lw=0.7, ls=":")
            if by is not None:
                axes[0, column].axvspan(before, by, color=REACHED, alpha=0.35, lw=0)
    for row in range(len(rows)):
        axes[row, 0].legend(loc="best")
        axes[row, 0].grid(color=GRID)
    if "accuracy" in rows:
        axes[0, 0].yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    return figure


PICTURE = Picture(
    "learning",
    "Accuracy and loss",
    "Dotted: targets. Yellow: each was reached somewhere in this interval, between two evaluations.",
    "No loss or accuracy was recorded.",
    page,
    paper,
)
