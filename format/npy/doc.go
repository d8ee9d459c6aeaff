// Package npy reads and writes NumPy's arrays: .npy files of one array and
// .npz archives of several.
//
//	a, err := npy.ReadFile("spikes.npy") // bool, [T, B, N]
//	s, err := a.Spikes()
//	err = npy.WriteFile("out.npy", npy.FromTensor(y.Dense()))
//
// A .npy file is
//
//	6 bytes   "\x93NUMPY"
//	2 bytes   the version: 1.0, 2.0 or 3.0
//	2 bytes   N, the length of the header, little-endian; 4 bytes from 2.0 on
//	N bytes   the header: a Python dict, spaces, a newline
//	the rest  the numbers, one after another
//
// and the header is
//
//	{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
//
// (numpy/lib/_format_impl.py of NumPy 2). Booleans, integers of 8 to 64 bits
// and floats of 16 to 64 bits are read in both byte orders, by rows (C) or by
// columns (Fortran); they are written little-endian and by rows, as version
// 1.0. The same array gives the same bytes on every machine.
//
// Reading never runs anything: the header is parsed as the one form above, and
// arrays of Python objects, which are pickles, are refused. A file that breaks
// a rule is an error that wraps [ErrFormat], and what is allocated is bounded
// by the bytes that are there.
package npy
