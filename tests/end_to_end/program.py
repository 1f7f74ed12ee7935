"""The program under test, and scenarios to give it."""

import json
import os
import subprocess
from pathlib import Path

BINARY = Path(os.environ["TELEGRAD_BINARY"])
SOURCE = Path(os.environ["TELEGRAD_SOURCE_DIR"])


def telegrad(*arguments, timeout=300, **options):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, **options)


def quick_scenario(**changes):
    """Trains a logistic model on made-up data over an ideal network: a second of host time."""
    return json.loads((SOURCE / "scenarios" / "quick.json").read_text()) | changes


def write(folder, scenario, name="scenario.json"):
    file = Path(folder) / name
    file.write_text(scenario if isinstance(scenario, str) else json.dumps(scenario, indent=2))
    return file
