"""Makes files with the Python package nir and h5py for the tests of reading.

usage: generate.py DIRECTORY
"""

import os
import sys

import h5py
import nir
import numpy as np

target = sys.argv[1]
rng = np.random.default_rng(1)


def numbers(*shape, dtype="float32"):
    return rng.uniform(0.5, 1, shape).astype(dtype)


def graph(nodes, edges, metadata=None, type_check=True):
    return nir.NIRGraph(nodes=nodes, edges=edges, metadata=metadata or {}, type_check=type_check)


def chain(*names):
    return list(zip(names, names[1:]))


neurons = {
    "affine": nir.Affine(weight=numbers(5, 12), bias=numbers(5)),
    "lif": nir.LIF(tau=numbers(5), r=numbers(5), v_leak=numbers(5), v_threshold=numbers(5), v_reset=numbers(5)),
    "linear": nir.Linear(weight=numbers(4, 5, dtype="float64")),
    "cubalif": nir.CubaLIF(
        tau_syn=numbers(4), tau_mem=numbers(4), r=numbers(4), v_leak=numbers(4), v_threshold=numbers(4), v_reset=numbers(4), w_in=numbers(4)
    ),
    "scale": nir.Scale(scale=numbers(4)),
    "cubali": nir.CubaLI(tau_syn=numbers(4), tau_mem=numbers(4), r=numbers(4), v_leak=numbers(4)),
    "threshold": nir.Threshold(threshold=numbers(4)),
    "delay": nir.Delay(delay=np.array([0.0, 1.0, 2.0, 3.0])),
    "if": nir.IF(r=numbers(4), v_threshold=numbers(4)),
    "i": nir.I(r=numbers(4)),
    "li": nir.LI(tau=numbers(4), r=numbers(4), v_leak=numbers(4)),
}
images = {
    "conv": nir.Conv2d(
        input_shape=(9, 8), weight=numbers(4, 2, 3, 3), stride=1, padding="same", dilation=1, groups=1, bias=numbers(4)
    ),
    "sum": nir.SumPool2d(kernel_size=np.array([2, 2]), stride=np.array([2, 2]), padding=np.array([0, 0])),
    "average": nir.AvgPool2d(kernel_size=np.array([2, 2]), stride=np.array([2, 2]), padding=np.array([1, 0])),
    "flatten": nir.Flatten(input_type={"input": np.array([4, 3, 2])}, start_dim=0, end_dim=-1),
    "out": nir.Affine(weight=numbers(12, 24), bias=numbers(12)),
}
sounds = {
    "conv": nir.Conv1d(input_shape=20, weight=numbers(3, 2, 5), stride=2, padding=1, dilation=2, groups=1, bias=numbers(3)),
    "flatten": nir.Flatten(input_type={"input": np.array([3, 7])}, start_dim=0, end_dim=-1),
}


def closed(nodes, shape, out):
    names = ["input", *nodes, "output"]
    return graph({"input": nir.Input(np.array(shape)), **nodes, "output": nir.Output(np.array(out))}, chain(*names))


inner = closed(neurons, [12], [4])
files = {
    "neurons": inner,
    "images": closed(images, [2, 9, 8], [12]),
    "sounds": closed(sounds, [2, 20], [21]),
    "nested": graph(
        {"input": nir.Input(np.array([12])), "inner": inner, "lif": neurons["cubalif"], "output": nir.Output(np.array([4]))},
        chain("input", "inner", "lif", "output"),
        {"author": "nobody", "year": 2024, "weights": numbers(2, 3), "flag": True, "more": {"depth": 2}},
    ),
    "wide": closed({"affine": nir.Affine(weight=numbers(1024, 700), bias=numbers(1024))}, [700], [1024]),
    "many": closed({str(i): nir.Scale(scale=numbers(3)) for i in range(120)}, [3], [3]),
}
for name, g in files.items():
    nir.write(os.path.join(target, name + ".nir"), g)
nir.write(os.path.join(target, "lzf.nir"), files["neurons"], compression="lzf")


def copied(source, name, **options):
    with h5py.File(os.path.join(target, source)) as a, h5py.File(os.path.join(target, name), "w", **options) as b:
        for key in a:
            a.copy(key, b)


copied("nested.nir", "latest.nir", libver="latest")
copied("many.nir", "latest_many.nir", libver="latest")

events = nir.EventData(idx=np.array([[0, 2, -1], [1, 1, 0]]), time=np.array([[0.1, 0.35, np.inf], [0.0, 0.2, 0.39]]), n_neurons=3, t_max=0.4)
valued = nir.ValuedEventData(idx=events.idx, time=events.time, value=numbers(2, 3, dtype="float64"), n_neurons=3, t_max=0.4)
data = nir.NIRGraphData(
    nodes={
        "lif": nir.NIRNodeData(
            observables={
                "spikes": nir.TimeGriddedData(data=rng.uniform(size=(2, 5, 3)) < 0.5, dt=0.1),
                "v": nir.TimeGriddedData(data=numbers(2, 5, 3), dt=0.1),
                "events": events,
                "values": valued,
            }
        )
    }
)
nir.write_data(os.path.join(target, "data.nir"), data)
