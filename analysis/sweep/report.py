"""Writes the report of a sweep into its folder: report.html, figures/*.png, *.svg and *.csv."""

from analysis.figures.picture import save_as
from analysis.page import save
from analysis.sweep import page
from analysis.sweep.figures import OF_THE_GRID, PICTURES
from analysis.sweep.study import file_name, footnote, load, untargeted
from analysis.sweep.tables import tables


def study(folder):
    return load(folder)


def write_page(study):
    """Writes report.html; returns its path."""
    return save(page.render(study), study.sweep.folder)


def write_pictures(study):
    """Writes every picture of every view, and the tables, into figures/; returns how many pictures."""
    folder, count = study.sweep.folder / "figures", 0
    folder.mkdir(exist_ok=True)
    for key, view in study.views.items():
        for picture in PICTURES:
            again = untargeted(picture) and view.target != study.target
            figure = None if again else picture.paper(view)
            if figure is not None:
                save_as(
                    figure,
                    file_name(study, picture, key),
                    picture.title,
                    footnote(study, picture, view),
                    folder,
                )
                count += 1
    for picture in OF_THE_GRID:
        figure = picture.paper(study)
        if figure is not None:
            save_as(figure, picture.name, picture.title, footnote(study, picture, None), folder)
            count += 1
    for name, table in tables(study).items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return count
