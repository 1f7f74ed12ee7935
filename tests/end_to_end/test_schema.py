"""The JSON Schema and the program give the same verdict on every scenario."""

import copy
import json
import random
import re

import jsonschema
from program import SOURCE, telegrad, write

COMMITTED = SOURCE / "scenarios" / "scenario.schema.json"
SCHEMA = json.loads(COMMITTED.read_text())
# JSON Schema counts 1.0 among the integers, the program does not.
STRICT = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
)
VALIDATOR = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=STRICT)(SCHEMA)


def scenarios():
    for file in sorted((SOURCE / "scenarios").glob("*.json")):
        scenario = json.loads(file.read_text())
        if "base" not in scenario and not file.name.endswith("schema.json"):  # grids have a base
            yield scenario


def places(value, path=()):
    """Paths of all members and elements below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def parent_of(value, path):
    for key in path[:-1]:
        value = value[key]
    return value


def put(value, path, what):
    for key in path[:-1]:
        value = value.setdefault(key, {})
    value[path[-1]] = what


WRONG = [None, True, -1, 0, 1, 7, 0.5, 1.5, 1e12, -0.25, "", "x", "dense", [], [1], [[0, 1]], [[0]], {}, {"type": "x"},
         {"type": "star"}, {"a": 1}, 10**15, "802.11ax", 1e-300]


def mutate(scenario, rng):
    """A scenario with one to three changes that may or may not be mistakes."""
    scenario = copy.deepcopy(scenario)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(list(places(scenario)))
        parent = parent_of(scenario, path)
        kind = rng.randrange(4)
        if kind == 0:
            parent[path[-1]] = rng.choice(WRONG)
        elif kind == 1 and isinstance(parent, dict):
            del parent[path[-1]]
        elif kind == 2 and isinstance(parent, dict):
            parent[str(path[-1]) + "x"] = parent.pop(path[-1])
        elif isinstance(parent[path[-1]], (int, float)) and not isinstance(parent[path[-1]], bool):
            parent[path[-1]] = parent[path[-1]] * rng.choice([-1, 2, 0.5, 1000, 10**6, 0])
    return scenario


def examples():
    """Each registered thing's example at its place in a scenario."""
    homes = {
        "networks": ("network",), "programs": ("program",), "exchanges": ("program", "exchange"),
        "datasets": ("training", "dataset"), "models": ("training", "model"), "partitions": ("training", "partition"),
        "optimizers": ("training", "optimizer"), "methods": ("compression", "uplink"),
        "downlinks": ("compression", "downlink"),
    }
    base = next(scenarios())
    for topic, entries in json.loads(telegrad("list", "--json").stdout).items():
        for entry in entries if topic in homes else []:
            scenario = copy.deepcopy(base)
            put(scenario, homes[topic], entry["example"])
            yield scenario


def complaints_of_the_program(folder, candidates):
    """For each scenario the lines that the program writes about it."""
    files = [write(folder, scenario, f"{number}.json") for number, scenario in enumerate(candidates)]
    result = telegrad("validate", *files)
    complaints = {file: [] for file in files}
    for line in result.stderr.splitlines():
        if not line.startswith("telegrad: "):
            complaints[type(files[0])(line.split(".json:", 1)[0] + ".json")].append(line)
    for file, lines in complaints.items():
        assert (f"{file}: valid" in result.stdout.splitlines()) == (not lines)
    return list(complaints.values())


def test_the_committed_schema_is_the_generated_one():
    result = telegrad("schema")
    assert result.returncode == 0
    assert result.stdout == COMMITTED.read_text(), "write it anew: telegrad schema > scenarios/scenario.schema.json"


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


# What tables say; settings that do not fit one another are complained about in other words.
OF_TABLES = re.compile("unknown key|missing, expected|out of range|, found |its length is|given twice")


def test_schema_and_program_agree(tmp_path):
    rng = random.Random(1)
    originals = list(scenarios())
    candidates = originals + list(examples()) + [mutate(rng.choice(originals), rng) for _ in range(500)]
    refused = 0
    for scenario, complaints in zip(candidates, complaints_of_the_program(tmp_path, candidates)):
        errors = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(scenario)]
        of_tables = [line for line in complaints if OF_TABLES.search(line)]
        assert bool(errors) == bool(of_tables), (json.dumps(scenario), errors, complaints)
        refused += bool(errors)
    assert 100 < refused < len(candidates) - 50  # the changes are neither all mistakes nor all sound


def test_the_schema_of_grids_is_committed_and_fits_the_grid():
    schema = json.loads((SOURCE / "scenarios" / "grid.schema.json").read_text())
    assert schema == json.loads(telegrad("schema", "--grid").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    grid = json.loads((SOURCE / "scenarios" / "grid.json").read_text())
    validator.validate(grid)
    for wrong in ({"targets": [2]}, {"targets": []}, {"axs": {}}, {"limits": {"wall_s": -1}}):
        assert not validator.is_valid(grid | wrong)
