"""Runs unlike the usual one: empty, failed, alone, unevaluated, unmodelled, hostile, long, still going."""

import sqlite3

from analysis import report
from example_run import make


def made(folder):
    """The page alone."""
    return report.write_page(report.study(folder))


def made_whole(folder):
    """The page and the pictures."""
    return report.write(folder)[0]


def change(folder, *statements):
    with sqlite3.connect(folder / "results.db") as connection:
        for statement in statements:
            connection.execute(*statement)
    connection.close()


def shown(page, key):
    found = page.locator(f'[data-key="{key}"]').first
    return found.inner_text(), found.get_attribute("data-value")


def test_no_round_completed(tmp_path, open_page):
    folder = make(
        tmp_path / "run",
        rounds=0,
        status="failed",
        status_reason="unreachable",
        status_detail="no station associated within 20 s",
    )
    with open_page(made_whole(folder)) as page:
        assert page.locator(".status").inner_text() == "Failed: unreachable"
        assert "no station associated" in page.locator(".detail").inner_text()
        assert shown(page, "rounds") == ("0", "0")
        assert "nothing to measure" in page.locator("#summary").inner_text()
        assert page.locator(".plot").count() == 2  # whose data, where they stand


def test_a_run_that_failed_or_was_stopped_keeps_its_rounds(tmp_path, open_page):
    for status, word in (("failed", "Failed: stalled"), ("interrupted", "Interrupted: stalled")):
        folder = make(
            tmp_path / status,
            rounds=7,
            status=status,
            status_reason="stalled",
            status_detail="no actor has moved for 60 s\n  worker 3 waits for hub",
        )
        text = made(folder).read_text()
        assert 'data-key="rounds" data-value="7"' in text
        with open_page(folder / "report.html") as page:
            assert page.locator(".status").inner_text() == word


def test_one_worker_and_one_round(tmp_path, open_page):
    with open_page(made_whole(make(tmp_path / "run", workers=1, rounds=1))) as page:
        assert page.locator(".subtitle").inner_text().startswith("1 worker ·")
        assert shown(page, "rounds")[1] == "1"


def test_nothing_evaluated(tmp_path, open_page):
    folder = make(tmp_path / "run", rounds=20, evaluate_every=0, targets=())
    change(folder, ("UPDATE round SET train_loss = NULL",))
    with open_page(made(folder)) as page:
        assert shown(page, "final_validation_accuracy") == ("not evaluated", "")
        assert "No target was set." in page.locator("#summary").inner_text()
        assert "No loss or accuracy was recorded." in page.locator("#figure-learning").inner_text()


def test_what_is_not_modelled_is_not_zero(tmp_path, open_page):
    folder = make(tmp_path / "run", rounds=20, on_air=False, positions=False)
    change(
        folder,
        ("UPDATE span SET end_ns = begin_ns WHERE phase = 'decode'",),
        ("DELETE FROM span WHERE phase = 'fold'",),
        ("UPDATE node SET label_histogram = NULL",),
    )
    with open_page(made_whole(folder)) as page:
        assert shown(page, "both_total_on_air_bytes") == ("not modelled", "")
        assert shown(page, "decode_median_s") == ("not modelled", "")
        assert shown(page, "fold_share") == ("not modelled", "")
        assert "Serialised, per round" in page.locator("#summary").inner_text()
        assert "no positions" in page.locator("#figure-placement").inner_text()
        assert "not recorded" in page.locator("#figure-partition").inner_text()


def test_nothing_was_traced(tmp_path, open_page):
    folder = make(tmp_path / "run", rounds=5)
    change(folder, ("DELETE FROM span",), ("DELETE FROM message",))
    with open_page(made(folder)) as page:
        assert shown(page, "rounds")[1] == "5"
        assert shown(page, "up_lost_share") == ("not recorded", "")


def test_names_with_markup_stay_names(tmp_path, open_page):
    name = '<script>document.title = "taken"</script><b>&amp; "quoted"</b></script>'
    folder = make(tmp_path / "run", rounds=5, name=name, status_detail="<img src=x onerror=alert(1)>")
    change(folder, ("UPDATE meta SET value = ? WHERE key = 'warnings'", ('["<i>first</i>"]',)))
    with open_page(made(folder)) as page:
        assert page.locator("h1").inner_text() == name
        assert page.title() == f"{name} · telegrad"
        assert "<i>first</i>" in page.locator(".warning").inner_text()


def test_meta_may_be_bare(tmp_path, open_page):
    folder = make(tmp_path / "run", rounds=5)
    change(folder, ("DELETE FROM meta WHERE key <> 'schema_version'",))
    with open_page(made(folder)) as page:
        assert shown(page, "parameters") == ("not modelled", "")


def test_a_database_that_is_being_written(tmp_path, open_page):
    folder = make(tmp_path / "run", rounds=10, status="running", status_reason="")
    writer = sqlite3.connect(folder / "results.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute(
        "INSERT INTO round SELECT 11, simulated_s, simulated_s + 1, 1, NULL, NULL, NULL, NULL, 8,"
        " 1, 1, 1, 1, 1, 1, 1, 1, 0 FROM round WHERE round = 10"
    )
    with open_page(made(folder)) as page:
        assert page.locator(".status").get_attribute("data-status") == "running"
        assert shown(page, "rounds")[1] == "10"
    writer.execute("COMMIT")
    made(folder)
    writer.close()
    assert 'data-key="rounds" data-value="11"' in (folder / "report.html").read_text()


def test_a_folder_where_only_reading_is_allowed_can_be_loaded(tmp_path):
    from analysis import database

    folder = make(tmp_path / "run", rounds=3)
    for leftover in ("results.db-wal", "results.db-shm"):
        (folder / leftover).unlink(missing_ok=True)
    folder.chmod(0o555)
    try:
        assert len(database.load(folder).rounds) == 3
    finally:
        folder.chmod(0o755)


def test_a_long_run_is_thinned_for_the_page_but_counted_whole(tmp_path, open_page, monkeypatch):
    monkeypatch.setattr("analysis.database.DETAILED_ROWS", 5_000)
    target = made(make(tmp_path / "run", workers=4, rounds=3_000))
    assert target.stat().st_size < 8_000_000
    with open_page(target) as page:
        assert shown(page, "rounds")[1] == "3000"
        assert shown(page, "anatomy_rounds")[1] == "1000"
        assert shown(page, "worker_3_up_blocks")[1] == str(3_000 * 6)


def test_the_same_run_makes_the_same_page(tmp_path):
    first, second = (made(make(tmp_path / name, rounds=12)) for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()


def test_targets_are_judged_while_the_run_goes_on(tmp_path, open_page):
    folder = make(tmp_path / "run", rounds=100, status="running")
    change(folder, ("UPDATE meta SET value = '[]' WHERE key = 'targets'",))
    with open_page(made(folder)) as page:
        before, by = (float(shown(page, f"target_0_{end}_s")[1]) for end in ("after", "by"))
        assert 0 < before < by
        assert "the best was" in page.locator('[data-target="2"]').inner_text()
