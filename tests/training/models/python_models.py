"""The models once more, by torch.nn alone, with the names of tensors that the field's collections use."""

import torch
from torch import nn
from torch.nn import functional


class LeNet5(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x):
        x = functional.avg_pool2d(self.conv1(x).tanh(), 2)
        x = functional.avg_pool2d(self.conv2(x).tanh(), 2)
        return self.fc3(self.fc2(self.fc1(x.flatten(1)).tanh()).tanh())


class LgcCnn(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 10, 5, bias=False)
        self.conv2 = nn.Conv2d(10, 20, 5, bias=False)
        self.fc1 = nn.Linear(500, 50, bias=False)
        self.fc2 = nn.Linear(50, classes, bias=False)

    def forward(self, x):
        x = functional.max_pool2d(self.conv1(x), 2).relu()
        x = functional.max_pool2d(self.conv2(x), 2).relu()
        return self.fc2(self.fc1(x.flatten(1)).relu())


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inputs, channels, stride, shortcut="downsample"):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.padded = channels - inputs if shortcut == "padding" else 0
        self.stride = stride
        if shortcut == "downsample" and (stride != 1 or inputs != channels):
            self.downsample = nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        if hasattr(self, "downsample"):
            x = self.downsample(x)
        elif self.padded:
            half = self.padded // 2
            x = functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, half, self.padded - half))
        return (x + y).relu()


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, 4 * channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * channels)
        if stride != 1 or inputs != 4 * channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, 4 * channels, 1, stride, bias=False), nn.BatchNorm2d(4 * channels)
            )

    def forward(self, x):
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn2(self.conv2(y)).relu()
        y = self.bn3(self.conv3(y))
        return ((self.downsample(x) if hasattr(self, "downsample") else x) + y).relu()


class ResNetCifar(nn.Module):
    def __init__(self, channels, classes, depth):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks = (depth - 2) // 6
        for stage, width in enumerate((16, 32, 64), start=1):
            first = BasicBlock(max(16, width // 2), width, 1 if stage == 1 else 2, "padding")
            rest = [BasicBlock(width, width, 1, "padding") for _ in range(blocks - 1)]
            setattr(self, f"layer{stage}", nn.Sequential(first, *rest))
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


class ResNet(nn.Module):
    def __init__(self, channels, classes, depth, stem):
        super().__init__()
        block, blocks = {
            18: (BasicBlock, (2, 2, 2, 2)),
            34: (BasicBlock, (3, 4, 6, 3)),
            50: (Bottleneck, (3, 4, 6, 3)),
            101: (Bottleneck, (3, 4, 23, 3)),
        }[depth]
        self.small = stem == "cifar"
        self.conv1 = nn.Conv2d(channels, 64, *((3, 1, 1) if self.small else (7, 2, 3)), bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for stage in range(1, 5):
            width = 32 * 2**stage
            layers = []
            for number in range(blocks[stage - 1]):
                layers.append(block(inputs, width, 2 if stage > 1 and number == 0 else 1))
                inputs = width * block.expansion
            setattr(self, f"layer{stage}", nn.Sequential(*layers))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        if not self.small:
            x = functional.max_pool2d(x, 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class PspNet(nn.Module):
    """With names of the field's segmentation collections; in training both heads' logits."""

    def __init__(self, channels, classes, depth, auxiliary=True):
        super().__init__()
        self.backbone = ResNet(channels, classes, depth, "imagenet")
        self.backbone.fc = nn.Identity()
        for stage, dilation in (("layer3", 2), ("layer4", 4)):
            for number, block in enumerate(getattr(self.backbone, stage)):
                dilate(block, dilation // 2 if number == 0 else dilation)
        deep = 2048 if depth >= 50 else 512
        levels = [
            nn.Sequential(
                nn.AdaptiveAvgPool2d(bins), nn.Conv2d(deep, deep // 4, 1, bias=False), nn.BatchNorm2d(deep // 4), nn.ReLU()
            )
            for bins in (1, 2, 3, 6)
        ]
        self.ppm = nn.Module()
        self.ppm.features = nn.ModuleList(levels)
        self.cls = self.head(2 * deep, 512, classes)
        if auxiliary:
            self.aux = self.head(deep // 2, 256, classes)

    @staticmethod
    def head(inputs, width, classes):
        return nn.Sequential(
            nn.Conv2d(inputs, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Dropout2d(0),
            nn.Conv2d(width, classes, 1),
        )

    def forward(self, x):
        def enlarged(y, size):
            return functional.interpolate(y, size, mode="bilinear", align_corners=True)

        size, body = x.shape[2:], self.backbone
        x = functional.max_pool2d(body.bn1(body.conv1(x)).relu(), 3, 2, 1)
        third = body.layer3(body.layer2(body.layer1(x)))
        x = body.layer4(third)
        x = torch.cat([x] + [enlarged(level(x), x.shape[2:]) for level in self.ppm.features], 1)
        logits = enlarged(self.cls(x), size)
        if self.training and hasattr(self, "aux"):
            return logits, enlarged(self.aux(third), size)
        return logits


def dilate(block, dilation):
    """Its 3x3 convolutions, and no stride."""
    for layer in block.modules():
        if isinstance(layer, nn.Conv2d):
            layer.stride = (1, 1)
            if layer.kernel_size == (3, 3):
                layer.dilation = layer.padding = (dilation, dilation)


class Vgg16(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        layers = []
        for width in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
            if width == 0:
                layers.append(nn.MaxPool2d(2))
                continue
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512, classes)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


class Lstm(nn.Module):
    """The symbol behind a text; inputs are numbers of symbols, as floats."""

    def __init__(self, symbols, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(symbols, embedding)
        self.lstm = nn.LSTM(embedding, hidden, layers, batch_first=True)
        self.fc = nn.Linear(hidden, symbols)

    def forward(self, x):
        states, _ = self.lstm(self.embedding(x.flatten(1).long()))
        return self.fc(states[:, -1])


def rectified(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(),
    )


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        self.adds = stride == 1 and inputs == outputs
        wide = [] if expansion == 1 else [rectified(inputs, hidden, 1)]
        self.conv = nn.Sequential(
            *wide,
            rectified(hidden, hidden, 3, stride, hidden),
            nn.Conv2d(hidden, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x):
        return x + self.conv(x) if self.adds else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, channels, classes, stem):
        super().__init__()
        small = stem == "cifar"
        table = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
        layers = [rectified(channels, 32, 3, 1 if small else 2)]
        inputs = 32
        for expansion, outputs, repeats, stride in table:
            for repeat in range(repeats):
                keeps = repeat > 0 or (small and outputs == 24)
                layers.append(InvertedResidual(inputs, outputs, 1 if keeps else stride, expansion))
                inputs = outputs
        layers.append(rectified(inputs, 1280, 1))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0), nn.Linear(1280, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))
