package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/tensor"
)

// outFormats are the endings of --out.
var outFormats = []string{".jsonl", ".csv", ".npz", ".npy"}

// checkOut reports a file that would not be written in the end.
func checkOut(path string) error {
	if path == "" || path == "-" || slices.Contains(outFormats, strings.ToLower(filepath.Ext(path))) {
		return nil
	}
	return fmt.Errorf("--out %s: answers are written as %s, or printed: -", path, strings.Join(outFormats, ", "))
}

// writeOut writes the answers: all of them, or the file stays as it was.
func writeOut(path string, all []classified, in encode.Input) error {
	var data []byte
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		data, err = answersCSV(all, in)
	case ".npz":
		return writeArrays(path, all)
	case ".npy":
		y, err := outputsOf(all)
		if err != nil {
			return err
		}
		return npy.WriteFile(path, npy.FromTensor(y))
	default:
		if path == "" {
			return nil
		}
		data, err = answersJSON(all)
	}
	if err != nil {
		return err
	}
	if path == "-" {
		_, err := stdout.Write(data)
		return err
	}
	return atomicfile.Write(path, data)
}

// answersJSON is a line for each sample.
func answersJSON(all []classified) ([]byte, error) {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	for _, c := range all {
		if err := w.Encode(c.recordResult); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// className is the name of a class, or its number.
func className(in encode.Input, class int) string {
	if class >= 0 && class < len(in.Classes) {
		return in.Classes[class]
	}
	return strconv.Itoa(class)
}

// answersCSV is a table with a line for each sample.
func answersCSV(all []classified, in encode.Input) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{"name", "class", "predicted"}
	for i := range all[0].Counts {
		head = append(head, "count_"+className(in, i))
	}
	for i := range all[0].First {
		head = append(head, "first_"+className(in, i))
	}
	w.Write(head)
	for _, c := range all {
		row := []string{c.Name, "", className(in, c.Predicted)}
		if c.Class != nil {
			row[1] = className(in, *c.Class)
		}
		for _, v := range c.Counts {
			row = append(row, strconv.FormatFloat(v, 'g', -1, 64))
		}
		for _, v := range c.First {
			row = append(row, strconv.Itoa(v))
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// outputsOf are the outputs of all samples, [T, B, features...].
func outputsOf(all []classified) (*tensor.Tensor, error) {
	shape := all[0].outputs.Shape
	n := shape[2:].Size()
	y := tensor.New(append(tensor.Shape{shape[0], len(all)}, shape[2:]...)...)
	for b, c := range all {
		if !c.outputs.Shape.Equal(shape) {
			return nil, fmt.Errorf("--out: %s has outputs of %v, %s of %v: they are no one array", c.Name, c.outputs.Shape, all[0].Name, shape)
		}
		for t := range shape[0] {
			copy(y.Data[(t*len(all)+b)*n:][:n], c.outputs.Data[t*n:])
		}
	}
	return y, nil
}

// writeArrays writes an archive with outputs [T, B, features...], counts [B,
// classes], classes [B] (-1 of those that are undecided) and first [B, classes].
func writeArrays(path string, all []classified) error {
	y, err := outputsOf(all)
	if err != nil {
		return err
	}
	var counts []float64
	var predicted, first []int64
	for _, c := range all {
		counts = append(counts, c.Counts...)
		predicted = append(predicted, int64(c.Predicted))
		for _, f := range c.First {
			first = append(first, int64(f))
		}
	}
	n := len(all[0].Counts)
	return npy.WriteArchiveFile(path,
		npy.Named{Name: "outputs", Array: npy.FromTensor(y)},
		npy.Named{Name: "counts", Array: npy.Array{Shape: tensor.Shape{len(all), n}, Data: counts}},
		npy.Named{Name: "classes", Array: npy.Array{Shape: tensor.Shape{len(all)}, Data: predicted}},
		npy.Named{Name: "first", Array: npy.Array{Shape: tensor.Shape{len(all), n}, Data: first}},
	)
}
