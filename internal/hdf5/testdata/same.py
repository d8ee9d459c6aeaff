"""Fails unless HDF5 files hold the same, two by two.

usage: same.py A.h5 B.h5 ...
"""

import sys

import h5py
import numpy as np


def same(x, y, path):
    x, y = np.asarray(x), np.asarray(y)
    if x.dtype.kind in "SOU":  # strings of a fixed length come back as others
        x, y = (np.vectorize(lambda s: s.decode() if isinstance(s, bytes) else s, "O")(v) for v in (x, y))
    elif x.dtype.newbyteorder("=") != "f2":  # which comes back as f4
        assert x.dtype.newbyteorder("=") == y.dtype, path
    np.testing.assert_array_equal(x, y, path)
    assert x.shape == y.shape, path


def compare(a, b, path):
    assert type(a) is type(b), path
    assert set(a.attrs) == set(b.attrs), path
    for name in a.attrs:
        same(a.attrs[name], b.attrs[name], path + " @" + name)
    if isinstance(a, h5py.Dataset):
        same(a[()], b[()], path)
        return
    assert set(a) == set(b), path
    for name in a:
        compare(a[name], b[name], path + "/" + name)


for first, second in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    with h5py.File(first) as a, h5py.File(second) as b:
        compare(a, b, first + ":")
