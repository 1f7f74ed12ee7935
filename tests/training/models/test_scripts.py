"""TorchScript files as Python's torch writes them: gradients, and the arithmetic that is counted."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import torch
from torch import nn

import test_agreement

PROGRAM = Path(os.environ["TELEGRAD_BINARY"]).parent / "model_gradient"
CLASSES = 10
SHAPE = (1, 12, 12)


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.narrow = nn.Conv2d(1, 4, 3, stride=2)
        self.wide = nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2)
        self.fc = nn.Linear(6 * 10 * 10, CLASSES)

    def forward(self, x):
        return self.fc(self.wide(self.narrow(x).relu()).flatten(1))

    multiply_accumulates = 4 * 25 * 9 + 4 * 25 * (3 * 2 * 2) + 600 * CLASSES


class Recurrent(nn.Module):
    def __init__(self, kind, gates):
        super().__init__()
        self.cells = kind(12, 16, num_layers=2, batch_first=True)
        self.fc = nn.Linear(16, CLASSES)
        self.multiply_accumulates = 12 * gates * 16 * (12 + 16 + 16 + 16) + 16 * CLASSES

    def forward(self, x):
        states, _ = self.cells(x.view(-1, 12, 12))
        return self.fc(states[:, -1])


MODELS = {
    "convolutions": Convolutions,
    "lstm": lambda: Recurrent(nn.LSTM, 4),
    "gru": lambda: Recurrent(nn.GRU, 3),
}


@pytest.mark.parametrize("way", ["script", "trace"])
@pytest.mark.parametrize("name", MODELS)
def test_a_file_of_python_has_its_gradient_and_its_arithmetic(name, way, tmp_path):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = MODELS[name]()
    file = torch.jit.script(model) if way == "script" else torch.jit.trace(model, torch.zeros(2, *SHAPE))
    file.save(tmp_path / "model.pt")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1 * torch.randn_like(parameter)  # not those of the file
    torch.save(model.state_dict(), tmp_path / "state.pt")
    case = test_agreement.Case(None, SHAPE, CLASSES, type="torchscript", file=str(tmp_path / "model.pt"))
    inputs, labels = test_agreement.batch_of(case, tmp_path)
    command = [PROGRAM, json.dumps(case.described), *map(str, SHAPE), str(CLASSES), tmp_path]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    test_agreement.compare(case, tmp_path, model, inputs, labels)
    assert float(said.split(", ")[1].split()[0]) == model.multiply_accumulates
