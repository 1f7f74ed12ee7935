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
    scenario = {
        "name": "quick",
        "workers": 4,
        "training": {
            "dataset": {"type": "synthetic_logistic"},
            "model": {"type": "logistic"},
            "optimizer": {"type": "sgd", "learning_rate": 0.1},
        },
        "compression": {"uplink": {"type": "dense"}},
        "network": {"type": "ideal", "latency_ms": 1},
        "evaluation": {"every_rounds": 5},
        "stop": {"max_rounds": 20},
    }
    scenario.update(changes)
    return scenario


def write(folder, scenario, name="scenario.json"):
    file = Path(folder) / name
    file.write_text(scenario if isinstance(scenario, str) else json.dumps(scenario, indent=2))
    return file
