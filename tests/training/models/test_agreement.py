"""Each model against the same architecture in Python: parameters by name, logits, loss, gradients, running statistics;
state dicts go both ways."""

import json
import math
import os
import subprocess
from pathlib import Path

import pytest
import torch
from torch import nn

import python_models as models

PROGRAM = Path(os.environ["TELEGRAD_BINARY"]).parent / "model_gradient"
TOLERANCE = 1e-5


class Case:
    def __init__(self, make, shape, classes=10, samples=4, places=(), auxiliary=0, **described):
        self.make, self.shape, self.classes, self.samples, self.described = make, shape, classes, samples, described
        self.places = places  # of a sample, that have a label each
        self.auxiliary = auxiliary  # the weight of the loss of a second output

    def __str__(self):
        return "-".join(str(value) for value in self.described.values())


def pspnet(depth, weight):
    return Case(
        lambda: models.PspNet(3, 5, depth, weight > 0), (3, 48, 64), 5, 2, (48, 64), weight,
        type="pspnet", depth=depth, dropout=0, auxiliary_weight=weight,
    )


CIFAR = (3, 32, 32)
CASES = [
    Case(lambda: models.LeNet5(1, 10), (1, 28, 28), type="lenet5"),
    Case(lambda: models.LgcCnn(3, 10), CIFAR, type="lgc_cnn", dropout=0),
    Case(lambda: models.ResNetCifar(3, 10, 20), CIFAR, type="resnet_cifar", depth=20),
    Case(lambda: models.ResNetCifar(1, 10, 56), (1, 28, 28), type="resnet_cifar", depth=56),
    Case(lambda: models.ResNet(3, 10, 18, "cifar"), CIFAR, type="resnet", depth=18, stem="cifar"),
    Case(lambda: models.ResNet(3, 7, 34, "imagenet"), (3, 64, 64), 7, type="resnet", depth=34, stem="imagenet"),
    Case(lambda: models.ResNet(3, 7, 50, "imagenet"), (3, 64, 64), 7, type="resnet", depth=50, stem="imagenet"),
    Case(lambda: models.Lstm(30, 8, 64, 2), (1, 1, 20), 30, type="lstm", hidden=64),
    Case(lambda: models.Vgg16(3, 10), CIFAR, type="vgg16_bn", head="cifar"),
    Case(lambda: models.MobileNetV2(3, 10, "cifar"), CIFAR, type="mobilenet_v2", stem="cifar", dropout=0),
    Case(lambda: models.MobileNetV2(3, 7, "imagenet"), (3, 64, 64), 7, type="mobilenet_v2", stem="imagenet", dropout=0),
    pspnet(18, 0.4),
    pspnet(18, 0),
    pspnet(50, 0.4),
]


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(1)


def batch_of(case, folder):
    inputs = torch.randn(case.samples, *case.shape)
    if case.described["type"] == "lstm":
        inputs = torch.randint(case.classes, inputs.shape).float()
    labels = torch.randint(case.classes, (case.samples, *case.places))
    inputs.numpy().tofile(folder / "inputs.f32")
    labels.numpy().tofile(folder / "labels.i64")
    return inputs, labels


def run(case, folder):
    command = [PROGRAM, json.dumps(case.described), *map(str, case.shape), str(case.classes), folder]
    subprocess.run(command, check=True, capture_output=True, text=True)


def distance(ours, theirs):
    """Relative to the longest entry."""
    theirs = theirs.detach()
    return ((ours - theirs).abs().max() / theirs.abs().max().clamp(min=1e-30)).item()


def compare(case, folder, model, inputs, labels):
    model.eval()
    shape = (case.samples, case.classes, *case.places)
    ours = torch.from_file(str(folder / "logits.f32"), size=math.prod(shape)).view(shape)
    assert distance(ours, model(inputs)) < TOLERANCE
    model.train()
    outputs = model(inputs)
    if case.auxiliary:
        loss, other = (nn.functional.cross_entropy(output, labels) for output in outputs)
        loss = loss + case.auxiliary * other
    else:
        loss = nn.functional.cross_entropy(outputs, labels)
    assert float((folder / "loss.txt").read_text()) == pytest.approx(loss.item(), rel=TOLERANCE)
    loss.backward()
    found = torch.load(folder / "gradient.pt", weights_only=True)
    parameters = dict(model.named_parameters())
    whole = max(value.grad.abs().max() for value in parameters.values())
    for name, parameter in parameters.items():
        difference = (found[name] - parameter.grad).abs().max() / whole
        assert difference < TOLERANCE, name
    for name, buffer in model.named_buffers():
        if not name.endswith("num_batches_tracked"):
            assert distance(found[name], buffer) < TOLERANCE, name


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gradient_is_that_of_python(case, tmp_path):
    inputs, labels = batch_of(case, tmp_path)
    run(case, tmp_path)
    model = case.make()
    state = torch.load(tmp_path / "state.pt", weights_only=True)
    tensors = {name for name in model.state_dict() if not name.endswith("num_batches_tracked")}
    assert set(state) == tensors
    model.load_state_dict(state)
    compare(case, tmp_path, model, inputs, labels)


@pytest.mark.parametrize("case", [case for case in CASES if str(case) in ("resnet_cifar-20", "lenet5")], ids=str)
@pytest.mark.parametrize("type", [torch.float32, torch.float64])
def test_state_of_python_is_loaded(case, type, tmp_path):
    inputs, labels = batch_of(case, tmp_path)
    model = case.make()
    with torch.no_grad():
        for _ in range(2):
            model(inputs)  # statistics that are not those of the start
    state = model.state_dict()
    torch.save(type_of(state, type), tmp_path / "state.pt")
    run(case, tmp_path)
    compare(case, tmp_path, model, inputs, labels)


def type_of(state, type):
    """An OrderedDict with its metadata, as state_dict() gives it."""
    for name, tensor in state.items():
        if tensor.is_floating_point():
            state[name] = tensor.to(type)
    return state


def test_what_is_no_state_dict_is_refused(tmp_path):
    case = CASES[0]
    batch_of(case, tmp_path)
    for wrong in (case.make(), [torch.zeros(3)], {"conv1.weight": "text"}):
        torch.save(wrong, tmp_path / "state.pt")
        with pytest.raises(subprocess.CalledProcessError) as failure:
            run(case, tmp_path)
        assert failure.value.returncode == 1
        assert "state.pt" in failure.value.stderr
        assert "model.state_dict()" in failure.value.stderr
