"""Marks of the targets on a learning curve."""

from analysis.figures.picture import FAINT

REACHED = "#f2c45a"


def marked_targets(study, x):
    """[(target, from, to)] on the x axis; None where not reached. The true moment is between evaluations."""
    rounds = study.run.rounds
    marked = []
    for target in study.targets:
        at = rounds.index[rounds["round"] == target["round"]] if target["reached"] else []
        if len(at):
            evaluated = rounds.index[rounds[f"{target['split']}_accuracy"].notna() & (rounds.index < at[0])]
            before = float(x[evaluated[-1]]) if len(evaluated) else 0.0
            marked.append((target["target"], before, float(x[at[0]])))
        else:
            marked.append((target["target"], None, None))
    return marked


def shapes(marks):
    """The same for plotly: a line for the target, a band for when it was reached."""
    found = []
    for target, before, by in marks:
        found.append(
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "yref": "y",
                "y0": target,
                "y1": target,
                "line": {"color": FAINT, "width": 1, "dash": "dot"},
                "layer": "above",
            }
        )
        if by is not None:
            found.append(
                {
                    "type": "rect",
                    "xref": "x",
                    "x0": before,
                    "x1": by,
                    "yref": "y domain",
                    "y0": 0,
                    "y1": 1,
                    "fillcolor": REACHED,
                    "opacity": 0.35,
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
    return found
