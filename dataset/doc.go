// Package dataset makes sources of samples, to train and to judge networks by,
// of files as people have them:
//
//	set, err := dataset.Open("digits.npz", dataset.Options{})
//	rest, held, err := set.HoldOut(0.2, 1)
//	err = trainer.Fit(ctx, rest, train.Plan{Data: rest.Sum()})
//
// A [Set] knows how its samples become input ([encode.Input]), their classes, and
// the groups that they belong to, such as speakers. Samples are loaded when they
// are asked for, by all processors, and kept while there is room.
//
// [Open] reads
//
//   - a folder with a folder of files for every class,
//   - a list, a line of a path and a class each (.csv, .txt, .tsv), as the two of
//     N-MNIST's excerpt, train1K.txt and test100.txt, in their folder,
//   - a folder of files whose names tell their classes ([Options.Pattern]),
//   - .npz archives with x and y: x is [N, features...], of numbers that are still
//     to be coded, or [N, T, features...] with [Options.Signals],
//   - .npy arrays, without classes,
//   - HDF5 files in the layout of the Heidelberg digits (SHD, SSC), whose speakers
//     are groups,
//   - MNIST's IDX files in their folder,
//   - a file or files of recordings or sounds by themselves, without classes.
//
// Files of a sample are recordings of every format that the package events knows,
// sounds (.wav) and pictures (.png). Errors name the file and the place; those
// about data wrap [ErrData].
package dataset

import "errors"

// ErrData is wrapped by errors about files that cannot be samples, or do not
// belong together.
var ErrData = errors.New("unsuitable data")
