"""Runs small networks of snnTorch and SpikingJelly for the tests:

    python make.py FOLDER SEED

For each there is NAME.safetensors, its state dict by way of torch.save and
convert_pt.py, and NAME.npz: the input x and the spikes of every neuron layer by
the name of its module, [T, B, ...]. Weights and inputs are drawn until no
membrane comes near its threshold, so that sums may round as they like, and
every layer spikes now and then.
"""

import os
import sys
import tempfile

import numpy as np
import snntorch
import torch
from snntorch import utils
from spikingjelly.activation_based import functional, layer, neuron, surrogate
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import convert_pt

STEPS, BATCH = 16, 2
torch.set_num_threads(1)


class Fire:
    """A spike function that remembers how near to zero its argument came."""

    margin = float("inf")

    def __init__(self, inner):
        self.inner = inner

    def __call__(self, x):
        Fire.margin = min(Fire.margin, x.abs().min().item())
        return self.inner(x)


class Surrogate(surrogate.Sigmoid):
    def forward(self, x):
        return Fire(super().forward)(x)


def strict():
    return Fire(snntorch.surrogate.atan())


def sj(kind, **options):
    return kind(surrogate_function=Surrogate(), **options)


def between(low, high, *shape):
    return low + (high - low) * torch.rand(shape)


class MLP(nn.Module):
    shape = (20,)

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 12)
        self.lif1 = snntorch.Leaky(
            beta=between(0.5, 0.95, 12), threshold=between(0.5, 1.0, 12), learn_beta=True, learn_threshold=True, spike_grad=strict()
        )
        self.fc2 = nn.Linear(12, 10, bias=False)
        self.lif2 = snntorch.Synaptic(alpha=0.7, beta=0.8, threshold=0.77, reset_mechanism="zero", spike_grad=strict())
        self.fc3 = nn.Linear(10, 8)
        self.lif3 = snntorch.Alpha(alpha=0.9, beta=0.8, threshold=0.5, spike_grad=strict())
        self.fc4 = nn.Linear(8, 6)
        self.lif4 = snntorch.Lapicque(R=2.0, C=1.5, time_step=1, spike_grad=strict())

    def forward(self, x):
        spikes = {}
        m1, (i2, m2), (e3, i3, m3), m4 = self.lif1.init_leaky(), self.lif2.init_synaptic(), self.lif3.init_alpha(), self.lif4.init_lapicque()
        for t in range(len(x)):
            s1, m1 = self.lif1(self.fc1(x[t]), m1)
            s2, i2, m2 = self.lif2(self.fc2(s1), i2, m2)
            s3, e3, i3, m3 = self.lif3(self.fc3(s2), e3, i3, m3)
            s4, m4 = self.lif4(self.fc4(s3), m4)
            for name, s in ("lif1", s1), ("lif2", s2), ("lif3", s3), ("lif4", s4):
                spikes.setdefault(name, []).append(s)
        return spikes


class Recurrent(nn.Module):
    shape = (20,)

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 10)
        self.hidden = snntorch.RLeaky(beta=0.8, all_to_all=True, linear_features=10, spike_grad=strict())
        self.fc2 = nn.Linear(10, 10)
        self.each = snntorch.RLeaky(beta=0.7, all_to_all=False, V=between(-0.5, 0.5, 10), spike_grad=strict())
        self.fc3 = nn.Linear(10, 10)
        self.last = snntorch.RSynaptic(alpha=0.6, beta=0.8, all_to_all=True, linear_features=10, spike_grad=strict())

    def forward(self, x):
        spikes = {}
        (s1, m1), (s2, m2), (s3, i3, m3) = self.hidden.init_rleaky(), self.each.init_rleaky(), self.last.init_rsynaptic()
        for t in range(len(x)):
            s1, m1 = self.hidden(self.fc1(x[t]), s1, m1)
            s2, m2 = self.each(self.fc2(s1), s2, m2)
            s3, i3, m3 = self.last(self.fc3(s2), s3, i3, m3)
            for name, s in ("hidden", s1), ("each", s2), ("last", s3):
                spikes.setdefault(name, []).append(s)
        return spikes


class Sequence(nn.Sequential):
    """Modules that hold their own state, called 0, 1, 2, ..."""

    def forward(self, x):
        spikes = {}
        utils.reset(self)
        functional.reset_net(self)
        for y in x:
            for name, m in self.named_children():
                y = m(y)
                if isinstance(m, (snntorch.SpikingNeuron, neuron.BaseNode)):
                    spikes.setdefault(name, []).append(y)
        return spikes


def convolutional():
    net = Sequence(
        nn.Conv2d(2, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        snntorch.Leaky(beta=between(0.5, 0.9, 4, 1, 1), init_hidden=True, spike_grad=strict()),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(36, 10),
        snntorch.Leaky(beta=0.75, threshold=3.0, reset_mechanism="none", init_hidden=True, spike_grad=strict()),
    )
    net.shape = (2, 6, 6)
    return net


def deep():
    """Twelve modules of which six and six look alike."""
    net = Sequence()
    for k in range(6):
        net.append(nn.Linear(9, 9))
        net.append(snntorch.Leaky(beta=torch.tensor(0.5 + k / 16), learn_beta=True, init_hidden=True, spike_grad=strict()))
    net.shape = (9,)
    return net


def spikingjelly():
    net = Sequence(
        layer.Conv2d(2, 4, 3, padding=1, bias=False),
        layer.BatchNorm2d(4),
        sj(neuron.LIFNode, tau=2.0, v_threshold=0.47),
        layer.MaxPool2d(2, 2),
        layer.Flatten(),
        layer.Linear(36, 10),
        sj(neuron.ParametricLIFNode, init_tau=3.0, v_reset=None),
        layer.Linear(10, 8),
        sj(neuron.ParametricLIFNode, init_tau=1.5, decay_input=False),
        layer.Linear(8, 8, bias=False),
        sj(neuron.IFNode, v_threshold=0.97),
    )
    net.shape = (2, 6, 6)
    return net


NETWORKS = {
    "snntorch_mlp": (MLP, None),
    "snntorch_recurrent": (Recurrent, "state_dict"),
    "snntorch_conv": (convolutional, "model_state_dict"),
    "snntorch_deep": (deep, None),
    "spikingjelly_conv": (spikingjelly, "net"),
}


def draw(build):
    """A network whose weights are sixteenths, and whose batch norm has seen data.

    Biases lie between sixteenths: sums do not meet thresholds of one.
    """
    net = build()
    for name, m in net.named_modules():
        if isinstance(m, (nn.Linear, nn.Conv2d)):
            low, high = (-2.5, 0.5) if "recurrent" in name else (-1.0, 2.0)
            m.weight.data = torch.round(16 * between(low, high, *m.weight.shape) / m.weight[0].numel() ** 0.5) / 16
            if m.bias is not None:
                m.bias.data = torch.round(16 * between(-0.2, 0.4, *m.bias.shape)) / 16 + 1 / 32
        if isinstance(m, nn.BatchNorm2d):
            m.weight.data = between(0.5, 1.5, 4)
            m.bias.data = between(0.0, 0.5, 4)
            m.running_mean = between(-0.2, 0.5, 4)
            m.running_var = between(0.3, 1.5, 4)
            m.num_batches_tracked += 7
    return net


def run(net, x):
    """The spikes by module, by the code for inference, and the margin of the tests."""
    Fire.margin = float("inf")
    with torch.no_grad():
        for m in net.modules():
            # In eval mode SpikingJelly's neurons do not call their spike function.
            m.training = isinstance(m, neuron.BaseNode)
        first = net(x)
        margin = Fire.margin
        net.eval()
        spikes = {name: torch.stack(s) for name, s in net(x).items()}
    for name, s in spikes.items():
        assert torch.equal(s, torch.stack(first[name])), name
    return spikes, margin


def good(spikes, margin):
    return margin > 1e-4 and all(0.05 < s.mean() < 0.6 for s in spikes.values())


def make(name, folder, seed):
    build, key = NETWORKS[name]
    torch.manual_seed(seed)
    for attempt in range(10000):
        net = draw(build)
        x = (torch.rand(STEPS, BATCH, *net.shape) < 0.3).float()
        spikes, margin = run(net, x)
        if good(spikes, margin):
            break
    else:
        sys.exit(f"{name}: no good draw")
    with tempfile.TemporaryDirectory() as tmp:
        checkpoint = os.path.join(tmp, "net.pt")
        torch.save({key: net.state_dict(), "epoch": 3} if key else net.state_dict(), checkpoint)
        convert_pt.main([checkpoint, os.path.join(folder, name + ".safetensors")])
    arrays = {name: s.numpy().astype(bool) for name, s in spikes.items()}
    np.savez_compressed(os.path.join(folder, name + ".npz"), x=x.numpy().astype(bool), **arrays)
    print(name, attempt, margin, {name: round(s.mean().item(), 3) for name, s in spikes.items()})


if __name__ == "__main__":
    for name in NETWORKS:
        make(name, sys.argv[1], int(sys.argv[2]))
