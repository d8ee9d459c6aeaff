"""Saves every array of an archive as NumPy does: python save_again.py FILE.npz FOLDER"""
import os
import sys

import numpy as np

with np.load(sys.argv[1], allow_pickle=False) as arrays:
    for name in arrays:
        np.save(os.path.join(sys.argv[2], name + ".npy"), arrays[name])
