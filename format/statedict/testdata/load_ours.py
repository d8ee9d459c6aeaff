"""Loads the state dicts that we wrote, FOLDER/NAME.ours.safetensors, into the
networks of make.py, and compares their spikes with those of FOLDER/NAME.npz:

    python load_ours.py FOLDER
"""

import json
import os
import sys

import numpy as np
import torch

import make

TYPES = {"F32": np.float32, "I64": np.int64}


def read(path):
    """The tensors of a safetensors file."""
    with open(path, "rb") as f:
        header = json.loads(f.read(int.from_bytes(f.read(8), "little")))
        data = f.read()
    tensors = {}
    for name, e in header.items():
        begin, end = e["data_offsets"]
        a = np.frombuffer(data[begin:end], TYPES[e["dtype"]]).reshape(e["shape"])
        tensors[name] = torch.from_numpy(a.copy())
    return tensors


def check(name, folder):
    net = make.draw(make.NETWORKS[name][0])
    result = net.load_state_dict(read(os.path.join(folder, name + ".ours.safetensors")), strict=False)
    left_out = [k for k in net.state_dict() if k == "lif4.beta" or k.endswith("num_batches_tracked")]
    assert set(result.missing_keys) <= set(left_out) and not result.unexpected_keys, result
    with np.load(os.path.join(folder, name + ".npz")) as arrays:
        spikes, _ = make.run(net, torch.from_numpy(arrays["x"]).float())
        for module, s in spikes.items():
            assert np.array_equal(s.numpy() != 0, arrays[module]), (name, module)
    print(name, "has the same spikes")


if __name__ == "__main__":
    for name in make.NETWORKS:
        check(name, sys.argv[1])
