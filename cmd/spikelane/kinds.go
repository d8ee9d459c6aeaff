package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/forward"
)

// kind is a sort of file that holds no network: what it is, and what can be
// done with it.
type kind struct {
	what, use string
	is        func(name string, data []byte) bool
}

func begins(with ...string) func(string, []byte) bool {
	return func(_ string, data []byte) bool {
		return slices.ContainsFunc(with, func(w string) bool { return bytes.HasPrefix(data, []byte(w)) })
	}
}

func named(suffixes ...string) func(string, []byte) bool {
	return func(name string, _ []byte) bool {
		return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(strings.ToLower(name), s) })
	}
}

func holds(name string) func(string, []byte) bool {
	return func(_ string, data []byte) bool {
		return bytes.HasPrefix(data, []byte(zipped)) && bytes.Contains(data[:min(len(data), 1<<16)], []byte(name))
	}
}

const (
	zipped = "PK\x03\x04"
	array  = "\x93NUMPY"
)

// kinds are tried in this order.
var kinds = []kind{
	{"an empty file", "nothing is in it: was it written to the end?", func(_ string, data []byte) bool { return len(data) == 0 }},
	{"a NumPy array", "run and train read it as inputs or recordings, the package npy as weights", begins(array)},
	{"PyTorch weights", "docs/weights.md says how they become a safetensors file, which the package statedict reads", holds("data.pkl")},
	{"a NumPy archive", "train and run read x and y of it; the package npy reads its arrays", holds(".npy")},
	{"a ZIP archive", "unpack it", begins(zipped)},
	{"a Python pickle", "save the weights as safetensors: docs/weights.md says how", begins("\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05")},
	{"pictures or labels as of MNIST, packed", "train reads their folder: --data", func(name string, data []byte) bool {
		return bytes.HasPrefix(data, []byte("\x1f\x8b")) && strings.Contains(name, "-ubyte")
	}},
	{"pictures or labels as of MNIST", "train reads their folder: --data", begins("\x00\x00\x08\x01", "\x00\x00\x08\x03")},
	{"a file packed by gzip", "unpack it", begins("\x1f\x8b")},
	{"a sound", "train and run read it", begins("RIFF")},
	{"a recording of events", "events tells what is in it, train and run read it", named(".bs2")},
	{"a recording of events, AEDAT", "events tells what is in it, train and run read it", begins("#!AER-DAT")},
	{"a recording of events, Event Stream", "events tells what is in it, train and run read it", begins("Event Stream")},
	{"a recording of events, Prophesee's", "events tells what is in it, train and run read it", begins("% ")},
	{"a picture", "train and run read .png; it holds no network", begins("\x89PNG", "\xff\xd8\xff", "<svg")},
	{"a description of a network", "train trains it", func(_ string, data []byte) bool {
		_, err := forward.ParseGraph(data)
		return err == nil
	}},
	{"JSON, but no description of a network", "docs/model-file.md says how networks are described", func(_ string, data []byte) bool {
		text := bytes.TrimSpace(data)
		return utf8.Valid(text) && (bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")))
	}},
	{"a text", "it holds no network", func(_ string, data []byte) bool {
		return utf8.Valid(data) && !bytes.ContainsRune(data, 0)
	}},
}

// kindOf is that of a file without a network, if it is known.
func kindOf(path string, data []byte) (kind, bool) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.is(filepath.Base(path), data) })
	if i < 0 {
		return kind{}, false
	}
	return kinds[i], true
}

// noNetwork is why there is no network in a file: what else it is, or err.
func noNetwork(path string, data []byte, err error) error {
	if k, ok := kindOf(path, data); ok {
		return fmt.Errorf("%s: %s, neither a model file nor a NIR file: %s", path, k.what, k.use)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// arrays are those of a NumPy file, if it is one.
func arrays(data []byte) ([]entry, error) {
	if bytes.HasPrefix(data, []byte(array)) {
		a, err := npy.Parse(data)
		if err != nil {
			return nil, err
		}
		return []entry{arrayEntry("-", a)}, nil
	}
	archive, err := npy.NewArchive(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, name := range archive.Names() {
		a, err := archive.Read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, arrayEntry(name, a))
	}
	return all, nil
}

func arrayEntry(name string, a npy.Array) entry {
	return entry{name: name, typ: strings.TrimPrefix(fmt.Sprintf("%T", a.Data), "[]"), out: a.Shape, size: a.Shape.Size()}
}
