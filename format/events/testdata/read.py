"""What the packages that people use read of recordings that were written here.

    read.py OUT.json RECORDING.npy
"""
import json
import sys

import numpy as np

a = np.load(sys.argv[2])
json.dump([[int(e[k]) for k in "txyp"] for e in a], open(sys.argv[1], "w"))
