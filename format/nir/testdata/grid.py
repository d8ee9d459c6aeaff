"""Puts the events of a recording into steps, with the Python package nir.

usage: grid.py OUTPUT.json FILE DT
"""

import json
import sys

import nir

data = nir.read_data(sys.argv[2])
grids = []
for name in ("events", "values"):
    grid = data.nodes["lif"].observables[name].to_time_gridded(float(sys.argv[3])).data
    grids.append({"type": str(grid.dtype), "shape": grid.shape, "data": [repr(float(v)) for v in grid.ravel()]})
json.dump(grids, open(sys.argv[1], "w"))
