"""Fails unless two HDF5 files hold the same.

usage: same.py A.h5 B.h5
"""

import sys

import h5py
import numpy as np


def compare(a, b, path):
    assert type(a) is type(b), path
    assert set(a.attrs) == set(b.attrs), path
    for name in a.attrs:
        np.testing.assert_array_equal(a.attrs[name], b.attrs[name], path)
    if isinstance(a, h5py.Dataset):
        assert a.shape == b.shape, path
        x, y = np.asarray(a[()]), np.asarray(b[()])
        if x.dtype.kind not in "SO":  # strings of a fixed length come back as others
            assert x.dtype.newbyteorder("=") == y.dtype, path
        np.testing.assert_array_equal(x, y, path)
        return
    assert set(a) == set(b), path
    for name in a:
        compare(a[name], b[name], path + "/" + name)


with h5py.File(sys.argv[1]) as a, h5py.File(sys.argv[2]) as b:
    compare(a, b, "")
