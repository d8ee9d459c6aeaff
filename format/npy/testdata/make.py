"""Writes the arrays that the tests read: python make.py FOLDER"""
import os
import sys

import numpy as np

out = sys.argv[1]


def path(name):
    return os.path.join(out, name)


# Element k of every array, in the order of rows, is made of k as the tests do.
k = np.arange(24).reshape(2, 3, 4)
values = {"b": k % 3 == 0, "f": (k - 11) * 0.375, "i": k * 37 - 100, "u": k * 37 - 100}
arrays = {}
for code in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8".split():
    for order, sign in (("little", "<"), ("big", ">")):
        a = values[code[0]].astype(sign + code)
        arrays[f"{code}.{order}.rows"] = a
        arrays[f"{code}.{order}.columns"] = np.asfortranarray(a)
np.savez_compressed(path("types.npz"), **arrays)

np.savez(
    path("shapes.npz"),
    number=np.float32(2.5),
    empty=np.zeros((0, 5), np.int16),
    one=np.array([7], np.uint8),
    ones=np.arange(6, dtype=np.float32).reshape(1, 2, 1, 3, 1),
    vector=np.asfortranarray(np.arange(4.0)),
    halves=np.array([0, -0.0, 2**-24, -(2**-14), 65504, 1 / 3], np.float16),
    special=np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], np.float32),
)

for major in 1, 2, 3:
    with open(path(f"version{major}.npy"), "wb") as f:
        np.lib.format.write_array(f, np.arange(6, dtype="<i4").reshape(2, 3), version=(major, 0))

np.savez(
    path("refused.npz"),
    objects=np.array([{"a": 1}, None], dtype=object),
    records=np.zeros(2, dtype=[("x", "<f4"), ("y", "<i2")]),
    text=np.array(["a", "bc"]),
    bytes=np.array([b"a", b"bc"]),
    complex=np.zeros(2, np.complex64),
    dates=np.array(["2024-01-01"], "datetime64[D]"),
)
