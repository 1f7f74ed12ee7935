"""Everything that the report of a sweep says, computed once."""

from dataclasses import dataclass

from analysis.sweep import answers, database
from analysis.sweep.crossovers import crossings
from analysis.sweep.grid import Grid, arrange, slice_name
from analysis.sweep.times import View, default_target, views
from analysis.words import listed, text


@dataclass(frozen=True)
class Answer:
    """What one view says in words. sentences: [(method, sentence)] on where each method meets dense."""

    headline: str
    certainty: str
    firsts: list
    sentences: list


@dataclass(frozen=True)
class Study:
    """views: {(number of a slice, target): View}, answers alike. target: that which is shown at first, or None."""

    grid: Grid
    views: dict
    answers: dict
    target: float | None

    @property
    def sweep(self):
        return self.grid.sweep

    @property
    def shown(self):
        """Key of the view that is shown at first, None without targets."""
        return (0, self.target) if (0, self.target) in self.views else None


def load(folder):
    grid = arrange(database.load(folder))
    found = views(grid)
    return Study(grid, found, {key: answer(view) for key, view in found.items()}, default_target(found))


def answer(view: View):
    found = answers.firsts(view)
    words = answers.sentences(view, crossings(view))
    return Answer(answers.headline(view, found), answers.certainty(view, found), found, words)


def file_name(study, picture, key):
    """'crossover_map' for the view that is shown at first, else with what differs: 'crossover_map-70-ring'."""
    number, target = key
    parts = [picture.name] + (
        [f"{100 * target:g}"] if target != study.target and not untargeted(picture) else []
    )
    parts += [value for _, value in study.grid.slices[number]] if number else []
    return "-".join("".join(c if c.isalnum() or c in "._-" else "_" for c in part) for part in parts)


def untargeted(picture):
    """Whether a picture is the same for every target: drawn once for each slice."""
    return picture.name == "round_anatomy"


def statuses(sweep):
    """{status: number of cells}, the finished ones first."""
    counts = sweep.cells["status"].fillna("not recorded").value_counts().to_dict()
    order = [status for status in ("done", "running", "waiting", "failed", "set_aside") if status in counts]
    return {status: int(counts[status]) for status in [*order, *(s for s in counts if s not in order)]}


def footnote(study, picture, view):
    """What stands below a picture on paper. view: None for one of the whole grid."""
    meta = study.sweep.meta
    counts = ", ".join(
        f"{count} {status.replace('_', ' ')}" for status, count in statuses(study.sweep).items()
    )
    place = slice_name(view.slice) if view else ""
    lr = "learning rate tuned per method" if meta.get("tune") else "learning rate not tuned per method"
    assumed = "; ".join(listed(meta["assumptions"])) or "nothing recorded"
    missing = "; ".join(listed(meta["not_modelled"])) or "nothing recorded"
    target = (
        f"Target: {100 * view.target:g} % {view.split} accuracy, as the mean of three evaluations. "
        if view and not untargeted(picture)
        else ""
    )
    what = f"{target}{f'{place}. ' if place else ''}"
    return (
        f"{picture.caption} {what}Sweep '{text(meta.get('name'))}': runs {counts}; {lr}; "
        f"seeds (training/network) {seeds(meta)}; {text(meta.get('versions'))}. Assumed: {assumed}. Not modelled: {missing}."
    )


def seeds(meta):
    pairs = [f"{pair[0]}/{pair[1]}" for pair in meta["seeds"] if isinstance(pair, list) and len(pair) == 2]
    return ", ".join(pairs) if len(pairs) <= 12 else f"{pairs[0]} to {pairs[-1]}, {len(pairs)} pairs"
