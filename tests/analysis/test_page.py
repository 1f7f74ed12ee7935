"""The page in a headless Chromium, without a network: silent, self-contained, and true to the database."""

import re
import sqlite3
import statistics

import pytest


@pytest.fixture(scope="module")
def page(example_folder, open_page):
    with open_page(example_folder / "report.html") as page:
        yield page


@pytest.fixture(scope="module")
def query(example_folder):
    connection = sqlite3.connect(example_folder / "results.db")
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()


def value(page, key):
    found = page.locator(f'[data-key="{key}"]')
    assert found.count() > 0, key
    return float(found.first.get_attribute("data-value"))


def test_every_figure_is_drawn(page):
    assert page.locator(".plot").count() == 7
    assert page.locator(".plot .main-svg").count() >= 7


def test_progress_equals_the_database(page, query):
    ends = [row[0] for row in query("SELECT simulated_s FROM round ORDER BY round")]
    begin = query("SELECT min(begin_s) FROM round")[0][0]
    assert value(page, "rounds") == len(ends) == 200
    assert value(page, "simulated_s") == ends[-1]
    durations = [end - start for start, end in zip([begin, *ends], ends)]
    assert value(page, "median_round_s") == pytest.approx(statistics.median_low(durations), abs=1e-9)


@pytest.mark.parametrize("kind", ["information_bits", "serialised_bytes", "control_bytes", "on_air_bytes"])
def test_bytes_equal_the_database(page, query, kind):
    up, down = query(f"SELECT sum(up_{kind}), sum(down_{kind}) FROM round")[0]
    assert value(page, f"both_total_{kind}") == up + down
    assert value(page, f"up_round_{kind}") == up / 200
    assert value(page, f"down_round_{kind}") == down / 200


def test_losses_equal_the_database(page, query):
    for leg in ("up", "down"):
        lost, blocks = query(f"SELECT sum(lost_blocks), sum(blocks) FROM message WHERE purpose = '{leg}'")[0]
        assert value(page, f"{leg}_lost_blocks") == lost
        assert value(page, f"{leg}_blocks") == blocks
    lost, blocks = query("SELECT sum(lost_blocks), sum(blocks) FROM message WHERE purpose = 'up'")[0]
    assert value(page, "up_lost_share") == lost / blocks


def test_losses_of_each_worker_equal_the_database(page, query):
    for worker, lost, blocks in query(
        "SELECT from_node, sum(lost_blocks), sum(blocks) FROM message WHERE purpose = 'up' GROUP BY from_node"
    ):
        assert value(page, f"worker_{worker}_up_lost_blocks") == lost
        assert value(page, f"worker_{worker}_up_lost_share") == lost / blocks


def test_accuracies_equal_the_database(page, query):
    for split in ("validation", "test"):
        last = query(
            f"SELECT {split}_accuracy, round FROM round WHERE {split}_accuracy IS NOT NULL"
            " ORDER BY round DESC LIMIT 1"
        )[0]
        assert value(page, f"final_{split}_accuracy") == last[0]


def test_targets_are_intervals_between_evaluations(page, query):
    evaluated = query(
        "SELECT simulated_s, validation_accuracy FROM round WHERE validation_accuracy IS NOT NULL"
        " ORDER BY round"
    )
    for index, target in enumerate((0.7, 0.8)):
        position = next(i for i, (_, accuracy) in enumerate(evaluated) if accuracy >= target)
        assert value(page, f"target_{index}_after_s") == evaluated[position - 1][0]
        assert value(page, f"target_{index}_by_s") == evaluated[position][0]
    assert "not reached" in page.locator('[data-target="2"]').inner_text()


def test_phase_means_sum_to_the_mean_round(page, query):
    phases = ("gradient", "encode", "queue", "air", "closing", "wait", "fold", "decode", "apply")
    begin, end = query("SELECT min(begin_s), max(simulated_s) FROM round")[0]
    assert sum(value(page, f"{phase}_mean_s") for phase in phases) == pytest.approx(
        (end - begin) / 200, abs=1e-12
    )
    assert sum(value(page, f"{phase}_share") for phase in phases) == pytest.approx(1)


def test_one_seed_is_said_plainly(page):
    assert "One seed: no uncertainty" in page.locator("#summary").inner_text()


def test_the_footer_says_what_it_rests_on(page):
    foot = page.locator("footer").inner_text()
    for words in (
        "telegrad 0.1.0",
        "ns3 3.44",
        "training 1, network 1",
        "9f2c41d07ab36e58",
        "codecs move 200 MB/s",
        "energy",
    ):
        assert words in foot


@pytest.mark.parametrize(
    "view, column, factor",
    [
        ("rounds", "round", 1),
        ("bytes", "up_on_air_bytes + down_on_air_bytes", 1e6),
        ("time", "simulated_s", 1),
    ],
)
def test_the_axis_can_be_switched(page, query, view, column, factor):
    button = page.locator(f'button[data-view="{view}"]')
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    last = query(f"SELECT {'sum' if view == 'bytes' else 'max'}({column}) FROM round")[0][0]
    drawn = page.evaluate("Math.max(...document.querySelector('.plot').data.map(t => Math.max(...t.x)))")
    assert drawn == pytest.approx(last / factor)


def test_on_a_telephone_nothing_sticks_out(page):
    page.set_viewport_size({"width": 390, "height": 800})
    # The figures follow the window in their own time; what never fits times out here.
    page.wait_for_function("document.documentElement.scrollWidth <= 390", timeout=20_000)


def test_the_page_names_no_address_that_a_browser_would_fetch(example_folder):
    text = (example_folder / "report.html").read_text()
    assert text.count("<script>") == 2 and "<script src" not in text
    assert not re.search(r"<(?:link|img|iframe)[^>]+(?:href|src)=.?https?:", text)


@pytest.mark.parametrize(
    "name", ["learning", "anatomy", "timeline", "rounds", "messages", "partition", "placement"]
)
def test_every_picture_is_on_paper_too(example_folder, name):
    assert (example_folder / "figures" / f"{name}.png").stat().st_size > 10_000
    assert (example_folder / "figures" / f"{name}.svg").stat().st_size > 10_000
