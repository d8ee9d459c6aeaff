"""Writes what h5py reads from files, as JSON.

usage: dump.py OUTPUT.json FILE...

Of every file a map from the path of a dataset to its type, shape and elements;
numbers are their shortest decimal, which says the value exactly. Texts are as
they are, attributes are behind the path and an @.
"""

import json
import sys

import h5py
import numpy as np


def plain(value):
    a = np.asarray(value)
    if a.dtype.kind in "OSU":
        flat = [v.decode() if isinstance(v, bytes) else str(v) for v in a.ravel()]
        return {"type": "string", "shape": list(a.shape), "data": flat}
    return {"type": str(a.dtype), "shape": list(a.shape), "data": [repr(v.item()) for v in a.ravel()]}


files = {}
for path in sys.argv[2:]:
    found = files[path] = {}
    with h5py.File(path) as f:

        def visit(name, item):
            name = "/" + name
            if isinstance(item, h5py.Dataset):
                found[name] = plain(item[()])
            for key, value in item.attrs.items():
                found[name + "@" + key] = plain(value)

        visit("", f)
        f.visititems(visit)
json.dump(files, open(sys.argv[1], "w"))
