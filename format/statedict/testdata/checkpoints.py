"""Writes checkpoints, good and bad, and converts them: python checkpoints.py FOLDER

Prints for each bad one what convert_pt.py says.
"""

import os
import sys

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import convert_pt

folder = sys.argv[1]


def convert(name, checkpoint, *args):
    path = os.path.join(folder, name + ".pt")
    torch.save(checkpoint, path)
    convert_pt.main([path, os.path.join(folder, name + ".safetensors"), *args])


class Harm:
    """A pickle that makes a file when it is loaded."""

    def __reduce__(self):
        return open, (os.path.join(folder, "harm"), "w")


x = torch.arange(6).reshape(2, 3)
every = {
    **{str(t).removeprefix("torch."): x.to(t) for t in convert_pt.TYPES},
    "columns": x.float().t(),
    "slice": x.float()[:, 1:],
    "number": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "parameter": nn.Parameter(torch.ones(2)),
}
every["tied"] = every["columns"]
convert("every", every)
convert("key", {"a": {"w": x}, "b": {"w": x + 1}}, "--key", "b")

for name, bad in {
    "module": nn.Linear(2, 2),
    "harm": {"w": Harm()},
    "list": [x],
    "empty": {},
    "mixed": {"w": x, "epoch": 3},
    "two": {"model": {"w": x}, "state_dict": {"w": x}},
    "complex": {"w": torch.zeros(2, dtype=torch.complex64)},
    "sparse": {"w": torch.eye(2).to_sparse()},
}.items():
    try:
        convert("bad", bad)
        print(name, "was converted")
    except SystemExit as e:
        print(name, "refused:", str(e).splitlines()[0][:200])
    if os.path.exists(os.path.join(folder, "bad.safetensors")):
        print(name, "left a file")
