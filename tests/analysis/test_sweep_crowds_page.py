"""Round times over the number of workers, against the database and on the page."""

import csv
import json
import sqlite3
import statistics

import pytest

from analysis import report
from analysis.sweep import study
from analysis.sweep.crowds import crowds
from analysis.sweep.figures import round_time_over_workers as figure
from example_sweep import make

CROWDS = {
    "methods": ("fp32", "fp16"), "rates_mbps": (5,), "seeds": 2, "max_rounds": 40, "targets": (0.2,),
    "other": (("workers", ("2", "8", "32")),),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = make(tmp_path_factory.mktemp("crowds") / "run", **CROWDS, failed=(0,), fast_forwarded=())
    report.write(made)
    return made


def durations(folder, method, workers):
    with sqlite3.connect(folder / "sweep.db") as connection:
        rows = connection.execute(
            "SELECT round.simulated_s - begin_s FROM round JOIN cell USING (cell) WHERE status = 'done'"
            " AND json_extract(labels, '$.method') = ? AND json_extract(labels, '$.workers') = ?",
            (method, str(workers)),
        ).fetchall()
    connection.close()
    return [seconds for (seconds,) in rows]


def test_a_curve_for_each_label_of_the_other_axes_with_the_rounds_of_the_database(folder):
    found = {crowd.name: crowd.points.set_index("workers") for crowd in crowds(study.load(folder))}
    assert list(found) == ["5 Mbit/s, fp32", "5 Mbit/s, fp16"]
    for method in ("fp32", "fp16"):
        points = found[f"5 Mbit/s, {method}"]
        assert list(points.index) == [2, 8, 32]
        for workers, row in points.iterrows():
            seconds = durations(folder, method, workers)
            assert row["median_s"] == pytest.approx(statistics.median(seconds))
            assert row["rounds"] == len(seconds)
            assert min(seconds) <= row["p5_s"] < row["median_s"] < row["p95_s"] <= max(seconds)


def test_runs_that_failed_count_in_nothing(folder):
    (fp32, fp16) = crowds(study.load(folder))
    assert fp32.points["runs"].tolist() == [1, 2, 2] and fp16.points["runs"].tolist() == [2, 2, 2]


def test_rounds_that_were_drawn_are_marked(tmp_path):
    drawn = study.load(make(tmp_path, **CROWDS | {"rates_mbps": (5, 54)}, fast_forwarded=("54 Mbit/s",)))
    assert {figure.named(crowd)[:2] for crowd in crowds(drawn) if crowd.name.startswith("54")} == {"~5"}
    assert not any(crowd.forwarded for crowd in crowds(drawn) if crowd.name.startswith("5 "))


def test_it_is_drawn_on_paper_and_its_numbers_stand_beside_it(folder):
    for end in ("png", "svg"):
        assert (folder / "figures" / f"round_time_over_workers.{end}").stat().st_size > 10_000
    with open(folder / "figures" / "round_time_over_workers.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], row["workers"]) for row in rows] == [
        (f"5 Mbit/s, {method}", workers) for method in ("fp32", "fp16") for workers in ("2", "8", "32")
    ]


def test_ticks_of_time_are_plain_numbers(folder):
    (axis,) = figure.paper(study.load(folder)).axes
    words = [label.get_text() for label in axis.get_yticklabels()]
    assert words and all(float(word) > 0 for word in words)


def test_a_grid_of_one_number_of_workers_has_no_such_figure(tmp_path):
    plain = make(tmp_path / "run", **CROWDS | {"other": ()})
    report.write(plain)
    assert not list((plain / "figures").glob("round_time_over_workers*"))
    assert "Round time over the number of workers" not in (plain / "report.html").read_text()


def test_an_axis_of_one_number_has_none_either(tmp_path):
    assert crowds(study.load(make(tmp_path, **CROWDS | {"other": (("workers", ("8",)),)}))) == []


def test_the_page_shows_it_once_whatever_target_and_part_is_chosen(folder, open_page):
    with open_page(folder / "report.html") as page:
        figure = page.locator("#figure-round_time_over_workers")
        figure.locator(".plot .main-svg").first.wait_for()
        names = page.evaluate(
            "document.querySelector('#figure-round_time_over_workers .plot').data.map((line) => line.name)"
        )
        assert names == ["5 Mbit/s, fp32", "5 Mbit/s, fp16"]
        page.locator("select[name=slice]").select_option("1")
        assert figure.is_visible() and page.locator("#figure-round_time_over_workers").count() == 1
        links = figure.locator(".files a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
        assert len(links) == 3 and all((folder / link).is_file() for link in links)


def test_the_axis_is_known_by_its_pointer_not_by_its_name(folder, tmp_path):
    make(tmp_path, **CROWDS)
    with sqlite3.connect(tmp_path / "sweep.db") as connection:
        text, = connection.execute("SELECT value FROM meta WHERE key = 'axes'").fetchone()
        axes = json.loads(text)
        axes[-1]["pointers"] = ["/program/workers"]
        connection.execute("UPDATE meta SET value = ? WHERE key = 'axes'", (json.dumps(axes),))
    connection.close()
    assert crowds(study.load(tmp_path)) == []
