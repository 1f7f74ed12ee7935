"""Grids with little in them: everything that is there is shown, what is missing is said, nothing breaks."""

import re
import sqlite3

import pytest

from analysis.sweep import report
from analysis.sweep.figures import PICTURES
from example_sweep import make

SMALL = {
    "methods": ("fp32", "top-k 1 %"),
    "rates_mbps": (1, 10),
    "seeds": 2,
    "max_rounds": 160,
    "targets": (0.8,),
}
ONE = {"methods": ("fp32",), "rates_mbps": (5,), "seeds": 1}
GRIDS = {
    "one cell": (ONE, ["is reached by fp32 at 5 Mbit/s", "One seed", "cannot be told"]),
    "one seed": ({"seeds": 1}, ["One seed: how sure this is cannot be told"]),
    "one bandwidth": (
        {"rates_mbps": (5,)},
        ["before dense at 4.3 Mbit/s, the one goodput where it can be told"],
    ),
    "no dense method": ({"baselines": ()}, ["times are shown, but no speed-up and no crossover"]),
    "only dense methods": ({"methods": ("fp32", "fp16")}, ["besides which another could be compared"]),
    "no axis of methods": ({"method_axis": None, "baselines": ()}, ["is reached by all from 1 to 10 Mbit/s"]),
    "no axis of networks": ({"network_axis": None}, ["reached first by top-k 1 %."]),
    "no target": ({"targets": ()}, ["No target was set"]),
    "nothing reached": (
        {"targets": (0.99,)},
        ["No method has reached 99 % validation accuracy in half of its runs."],
    ),
    "all failed": ({"failed": range(8)}, ["8 failed", "there is nothing to measure yet", "failed"]),
    "nothing begun": (
        {"waiting": range(8)},
        ["Still running", "8 still to come", "in half of its runs so far"],
    ),
    "dense failed": ({"failed": (0, 1, 4, 5)}, ["cannot be compared with dense"]),
    "running": ({"running": (0,), "waiting": range(1, 8)}, ["Still running"]),
    "air not modelled": ({"on_air": False}, ["serialised (air not modelled)"]),
    "marked up": ({"name": "<b>x</b> </script>", "methods": ("fp32", "<i>top</i>")}, ["&lt;b&gt;x"]),
}


def page_of(folder):
    made = report.study(folder)
    return made, report.write_page(made).read_text().replace("\u202f", " ")


@pytest.mark.parametrize("name", GRIDS)
def test_an_unusual_grid_has_its_page(tmp_path, name, open_page):
    settings, expected = GRIDS[name]
    _, text = page_of(make(tmp_path, **SMALL | settings))
    for words in expected:
        assert words in text, words
    with open_page(tmp_path / "report.html") as page:
        assert page.locator(".view:visible").count() == (0 if name == "no target" else 1)


@pytest.mark.parametrize(
    "name", ["one cell", "no axis of networks", "all failed", "nothing begun", "no dense method"]
)
def test_an_unusual_grid_has_its_pictures(tmp_path, name):
    made = report.study(make(tmp_path, **SMALL | GRIDS[name][0]))
    count = report.write_pictures(made)
    drawn = {file.stem for file in (tmp_path / "figures").glob("*.png")}
    assert len(drawn) == count and "crossover_map" in drawn
    assert ("round_anatomy" in drawn) == (name not in ("all failed", "nothing begun"))


def change(folder, statement):
    with sqlite3.connect(folder / "sweep.db") as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cell SET goodput_mbps = NULL",
        "UPDATE cell SET goodput_mbps = 4.5",  # the same everywhere: no scale
        "UPDATE cell SET goodput_mbps = 4.5 + 0.001 * cell",  # columns would lie on each other
        "UPDATE cell SET goodput_mbps = 10.0 / goodput_mbps",  # falls where the nominal rate rises
        "UPDATE cell SET scenario = NULL",
        "UPDATE cell SET labels = json_remove(labels, '$.method') WHERE cell = 0",
        "DELETE FROM round",
        "DELETE FROM target",
        "DELETE FROM cell WHERE cell > 2",
        "DELETE FROM cell",
        "UPDATE round SET validation_accuracy = NULL, test_accuracy = NULL",
        "UPDATE round SET compute_s = NULL",
        "UPDATE cell SET simulated_s = NULL, rounds = NULL",
        "DELETE FROM meta WHERE key IN ('versions', 'seeds', 'assumptions', 'tune', 'name', 'grid')",
    ],
)
def test_whatever_is_not_recorded_breaks_nothing(tmp_path, statement):
    change(make(tmp_path, **SMALL), statement)
    made, text = page_of(tmp_path)
    assert (
        "nan"
        not in re.sub(r"<script.*?</script>", "", text, flags=re.S).lower().replace("&nbsp;", "").split()
    )
    for view in made.views.values():
        for picture in PICTURES:
            picture.paper(view)
