"""Verbs, options, exit codes and messages."""

import json
import os
import stat

import pytest
from program import SOURCE, quick_scenario, telegrad, write

SCENARIOS = sorted(file for file in (SOURCE / "scenarios").glob("*.json") if not file.name.endswith("schema.json") and file.name not in ("broadcast.json", "grid.json", "methods.json", "resnet20.json"))


def tree(folder):
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.name)
def test_every_committed_scenario_is_valid_and_validate_writes_nothing(file, tmp_path):
    result = telegrad("validate", file, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert tree(tmp_path) == []


def test_all_mistakes_are_reported_at_once_with_places(tmp_path):
    text = json.dumps(quick_scenario(worker=3), indent=2)
    text = text.replace('"name": "quick"', '"name": "quick", "name": "again"')
    text = text.replace('"learning_rate": 0.5', '"learning_rate": -1').replace('"type": "ideal"', '"type": "ideel"')
    text = text.replace('"max_rounds": 20', '"max_rounds": 2e1')
    file = write(tmp_path, text)
    before = tree(tmp_path)
    result = telegrad("run", file, cwd=tmp_path)
    assert result.returncode == 2
    assert tree(tmp_path) == before
    lines = result.stderr.splitlines()
    for pointer, words in {
        "/name": "given twice",
        "/worker": "did you mean 'workers'?",
        "/training/optimizer/learning_rate": "-1 is out of range",
        "/network/type": "did you mean 'ideal'?",
        "/stop/max_rounds": "without point and exponent",
    }.items():
        (line,) = [each for each in lines if f": {pointer}: " in each]
        assert words in line
        place = line.removeprefix(f"{file}:").split(":")[:2]
        assert text.splitlines()[int(place[0]) - 1][int(place[1]) - 1 :].strip()
    assert f"5 mistakes in {file}, nothing was written" in lines[-1]


def test_overrides_change_settings_and_are_blamed(tmp_path):
    file = write(tmp_path, quick_scenario())
    assert telegrad("validate", file, "--set", "/workers=3", "--set", "/stop/max_simulated_s=5").returncode == 0
    result = telegrad("validate", file, "--set", "/workers=0", "--set", "/network/latncy_ms=1")
    assert result.returncode == 2
    assert "--set /workers: /workers: 0 is out of range" in result.stderr
    assert "--set /network/latncy_ms: " in result.stderr and "did you mean" in result.stderr


@pytest.mark.parametrize(
    "change, pointer",
    [
        (["/stop/max_rounds=null"], "/stop: nothing ends the run"),
        (['/program={"type":"synchronous","exchange":{"type":"star","wait":{"type":"quorum","contributions":9}}}'], "/program/exchange/wait: "),
        (["/simulated_device/speed_factors=[1,2]"], "/simulated_device/speed_factors: "),
        (["/host/device=gpu"], "/host/device: "),
    ],
)
def test_settings_that_do_not_fit_one_another_are_refused(tmp_path, change, pointer):
    result = telegrad("validate", write(tmp_path, quick_scenario()), *(f"--set={each}" for each in change))
    assert result.returncode == 2
    assert pointer in result.stderr


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["rnu", "x.json"], "did you mean 'run'?"),
        (["frobnicate"], "unknown verb 'frobnicate'"),
        ([], "subcommand"),
        (["validate"], "FILE"),
        (["validate", "x.json", "--sett", "/a=1"], "did you mean '--set'?"),
        (["probe", "x.json"], "--bytes"),
        (["probe", "x.json", "--bytes", "-5"], "--bytes"),
        (["run", "x.json", "--threads", "many"], "--threads"),
        (["list", "netwoks"], "did you mean 'networks'?"),
        (["list", "networks", "idael"], "did you mean 'ideal'?"),
        (["validate", "absent.json"], "no such file"),
        (["validate", "."], "is a directory"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_one_line(arguments, words, tmp_path):
    result = telegrad(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) <= 2
    assert result.stdout == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_wrong_usage(tmp_path):
    file = write(tmp_path, quick_scenario())
    file.chmod(stat.S_IWUSR)
    result = telegrad("validate", file)
    assert (result.returncode, "cannot be opened" in result.stderr) == (2, True)


def test_help_and_version_go_to_stdout():
    for arguments in [["--help"], ["--version"], ["run", "--help"]]:
        result = telegrad(*arguments)
        assert (result.returncode, result.stderr) == (0, "")
        assert "telegrad" in result.stdout or "FILE" in result.stdout


def test_list_shows_topics_entries_and_settings():
    everything = json.loads(telegrad("list", "--json").stdout)
    for topic in ["networks", "methods", "models", "datasets", "devices", "exchanges", "programs"]:
        assert everything[topic], topic
        assert json.loads(telegrad("list", topic, "--json").stdout) == everything[topic]
        page = telegrad("list", topic).stdout
        for entry in everything[topic]:
            assert entry["name"] in page and entry["summary"] in page
            assert entry["name"] in telegrad("list", topic, entry["name"]).stdout


def test_verbs_without_training_do_not_load_it(tmp_path):
    trace = dict(os.environ, LD_DEBUG="files", LD_DEBUG_OUTPUT=str(tmp_path / "libraries"))
    for verb in [["list", "networks"], ["list", "devices"], ["--help"]]:
        assert telegrad(*verb, env=trace).returncode == 0
    loaded = "".join(file.read_text() for file in tmp_path.glob("libraries.*"))
    assert "libtelegrad_core" in loaded
    assert "libtorch" not in loaded
