"""The page of a sweep in a headless Chromium, without a network: silent, complete, and true to the database."""

import csv
import re
import sqlite3
import statistics

import pytest

from example_sweep import make

PICTURES = ("crossover_map", "time_to_accuracy", "round_anatomy")
TUNE = {
    "pointer": "/training/optimizer/learning_rate", "values": [0.1, 0.2], "chosen": {"fp32": 0.2},
    "trials": [{"method": "fp32", "value": 0.1, "reached_s": None, "accuracy": 0.61},
               {"method": "fp32", "value": 0.2, "reached_s": 12.5, "accuracy": 0.81}],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from analysis import report

    made = make(
        tmp_path_factory.mktemp("sweep") / "run", methods=("fp32", "fp16", "top-k 1 %"), rates_mbps=(0.5, 5, 54),
        other=(("exchange", ("star", "ring")),), targets=(0.8, 0.99), failed=(3,), set_aside=(4,), running=(88,),
        waiting=(89,), fast_forwarded=("5 Mbit/s",), budget_s=60, max_rounds=180, tune=TUNE,
    )  # fmt: skip
    report.write(made)
    return made


@pytest.fixture(scope="module")
def page(folder, open_page):
    with open_page(folder / "report.html") as page:
        yield page


def read(folder, name):
    with open(folder / "figures" / f"{name}.csv", newline="") as file:
        return list(csv.DictReader(file))


def words(page, selector):
    return page.locator(selector).inner_text().replace("\u202f", " ")


def test_the_first_view_is_drawn_and_no_other(page):
    assert page.locator(".view:visible").count() == 1
    assert page.locator(".view:visible").get_attribute("data-view") == "0-0.8"
    assert page.locator(".plot:visible .main-svg").count() >= 3
    assert page.locator(".view[hidden] .main-svg").count() == 0


def test_the_answer_stands_on_top_and_says_how_sure_it_is(page):
    answer = words(page, "#answer")
    assert answer.startswith("80 % validation accuracy is reached first by")
    assert "From 5 seeds each" in answer and "paired 95 % interval" in answer


def test_the_winner_and_its_time_equal_the_database(page, folder):
    times = {}
    with sqlite3.connect(folder / "sweep.db") as connection:
        for labels, by_s in connection.execute(
            "SELECT json_extract(labels, '$.method'), by_s FROM target JOIN cell USING (cell) WHERE target = 0.8"
            " AND json_extract(labels, '$.network') = '5 Mbit/s' AND json_extract(labels, '$.exchange') = 'star'"
        ):
            times.setdefault(labels, []).append(by_s)
    medians = {method: statistics.median(found) for method, found in times.items()}
    winner = min(medians, key=medians.get)
    row = page.locator('#answer tr[data-point="5 Mbit/s"]')
    assert winner in row.inner_text()
    assert float(row.locator("td[data-value]").get_attribute("data-value")) == medians[winner]


def test_failed_runs_are_listed_with_reason_and_log(page):
    for cell in (3, 4):
        text = words(page, f'#cells tr[data-cell="{cell}"]')
        assert "no actor has moved" in text and "worker 2 waits" in text
    assert "set aside (died three times)" in words(page, '#cells tr[data-cell="4"]')
    assert "86 of 90 runs done, 2 failed, 2 still to come" in words(page, "header")


def test_tuned_learning_rates_are_shown_with_their_trials(page):
    text = words(page, "#learning")
    assert "0.1: not reached, 61.0 %" in text and "0.2: reached in 12.5 s, 81.0 %" in text
    assert "not tuned" not in words(page, "body")


def test_the_map_shows_what_the_table_beside_it_says(page, folder):
    rows = [r for r in read(folder, "crossover_map") if r["target"] == "0.8" and r["exchange"] == "star"]
    assert len(rows) == 9
    drawn = page.evaluate(
        "document.querySelector('[data-view=\"0-0.8\"] .plot').layout.annotations.map((note) => note.text)"
    )
    for row in rows:
        if row["reached"] != "0" and row["censored"] == "0":
            median = f"{float(row['median_s_least']):.3g}"
            assert any(median in text for text in drawn), row
    assert any(text.startswith("<b>~") for text in drawn)  # fast-forwarded
    assert any("> " in text for text in drawn)  # over the budget
    assert any("failed" in text for text in drawn)


def test_the_sentences_under_the_map_name_what_is_assumed(page):
    text = words(page, ".view:visible .words")
    assert "assuming 2 ms per sample and a unicast down-link" in text
    assert re.search(r"top-k 1 % reaches 80 % before dense below \d+ Mbit/s \(\d+ to \d+; 5 seeds\)", text), (
        text
    )


def test_another_bandwidth_of_time_to_accuracy_is_drawn_when_asked_for(page):
    figure = page.locator(".view:visible figure").nth(1)
    figure.get_by_role("button", name="54 Mbit/s").click()
    assert figure.locator(".plot:visible").count() == 1
    figure.locator(".plot:visible .main-svg").first.wait_for()
    names = page.evaluate(
        "Array.from(document.querySelectorAll('.view:not([hidden]) .plot')).filter((p) => p.offsetParent)[1]"
        ".data.filter((t) => t.showlegend !== false).map((t) => t.name)"
    )
    assert names == ["fp32", "fp16", "top-k 1 %"]


@pytest.mark.parametrize("number, target, word", [("1", "0.99", "99 %"), ("0", "0.8", "80 %")])
def test_target_and_part_of_the_grid_can_be_chosen(page, number, target, word):
    page.locator("select[name=target]").select_option(target)
    page.locator("select[name=slice]").select_option(number)
    page.wait_for_function("Array.from(document.querySelectorAll('.plot')).filter((p) => p.offsetParent)"
                           ".every((p) => p.querySelector('.main-svg'))")  # fmt: skip
    assert page.locator(".view:visible").get_attribute("data-view") == f"{number}-{target}"
    assert word in words(page, ".view:visible .headline")
    if target == "0.99":
        assert "No method has reached 99 %" in words(page, ".view:visible .headline")


def test_the_footer_says_what_it_rests_on(page):
    foot = words(page, "footer")
    for part in ("telegrad 0.2.0", "ns3 3.44", "1/1, 2/2, 3/3, 4/4, 5/5", "2 ms per sample", "energy"):
        assert part in foot


def test_the_page_names_no_address_that_a_browser_would_fetch(folder):
    text = (folder / "report.html").read_text()
    assert text.count("<script>") == 2 and "<script src" not in text
    assert not re.search(r"<(?:link|img|iframe)[^>]+(?:href|src)=.?https?:", text)


def test_every_file_that_the_page_names_is_there(page, folder):
    names = page.eval_on_selector_all(".files a", "links => links.map((link) => link.getAttribute('href'))")
    assert len(names) > 15
    assert [name for name in names if not (folder / name).is_file()] == []


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_on_paper_too(folder, name):
    assert (folder / "figures" / f"{name}.png").stat().st_size > 10_000
    assert (folder / "figures" / f"{name}.svg").stat().st_size > 10_000


def test_crossovers_of_every_seed_are_in_their_table(folder):
    rows = [
        r
        for r in read(folder, "crossovers")
        if (r["target"], r["exchange"], r["method"]) == ("0.8", "star", "top-k 1 %")
    ]
    assert {row["pair"] for row in rows} == {"all", "1/1", "2/2", "3/3", "4/4", "5/5"}
    (whole,) = (row for row in rows if row["pair"] == "all")
    assert float(whole["low_mbps"]) < float(whole["at_mbps"]) < float(whole["high_mbps"])
