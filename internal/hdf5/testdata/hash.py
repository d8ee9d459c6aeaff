"""Prints the number of datasets in HDF5 files and a hash of all they hold.

usage: hash.py FILE ...
"""

import hashlib
import os
import sys

import h5py
import numpy as np


def datasets(obj, path=""):
    for name in sorted(obj, key=str.encode):
        at = path + "/" + name
        if isinstance(obj[name], h5py.Group):
            yield from datasets(obj[name], at)
        else:
            yield at, obj[name]


for file in sys.argv[1:]:
    digest, count = hashlib.sha256(), 0
    with h5py.File(file) as f:
        for path, d in datasets(f):
            text = h5py.check_string_dtype(d.dtype) is not None
            values = np.asarray(d[()])
            shape = " ".join(map(str, d.shape))
            digest.update(f"{path} {'string' if text else d.dtype.name} [{shape}]\n".encode())
            if text:
                digest.update(b"".join(s + b"\n" for s in values.ravel()))
            else:
                digest.update(values.astype(d.dtype.newbyteorder("<")).tobytes())
            count += 1
    print(f'\t{{"{os.path.basename(file)}", {count}, "{digest.hexdigest()}"}},')
