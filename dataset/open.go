package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
)

// Options says how files become samples.
type Options struct {
	// Input is how samples become input, as a model file has it: its classes are
	// those that there are. By default it follows from the data: see Adjust.
	Input *encode.Input
	// Adjust changes the input that follows from the data, before it is checked:
	// of recordings, steps of 10 ms and as many as the longest has; of sounds, 32
	// bands every 10 ms and where they change; of numbers, a current for 10
	// steps, scaled to 0..1 by the least and the greatest.
	Adjust func(in *encode.Input)
	// Part is "train" or "test", of data that have two.
	Part string
	// Pattern tells class and group from the names of files in one folder:
	// {class}_{group}_{index} for 7_jackson_32.wav.
	Pattern string
	// Folder says that what is opened is a list, and where its files are; by
	// default they are where the list is.
	Folder string
	// Signals says that arrays are [N, T, features...], numbers over time.
	Signals bool
	// Read is how recordings are read.
	Read events.Options
}

// The parts of data.
const (
	PartTrain = "train" // what is learned from
	PartTest  = "test"  // what is judged by
)

// Open makes a set of a file or a folder: the package comment says of what.
func Open(path string, o Options) (*Set, error) {
	s, err := open(path, o)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	return s, nil
}

func open(path string, o Options) (*Set, error) {
	if o.Part != "" && o.Part != PartTrain && o.Part != PartTest {
		return nil, fmt.Errorf("%w: part %q; it is %s or %s", ErrData, o.Part, PartTrain, PartTest)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return openFolder(path, o)
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npz":
		return openArchive(path, o)
	case ".npy":
		if s, err := openArray(path, o); s != nil || err != nil {
			return s, err
		}
	case ".h5", ".hdf5":
		if s, err := openCollection(path, o); !errors.Is(err, events.ErrUnknown) {
			return s, err
		}
	case ".csv", ".tsv", ".txt":
		if o.Folder != "" || isList(path) {
			return openList(path, o)
		}
	}
	return patternSet([]file{{path: path, name: filepath.Base(path)}}, o)
}

// patternSet is a set of files whose names may tell their classes.
func patternSet(files []file, o Options) (*Set, error) {
	if o.Pattern == "" && o.Input != nil {
		o.Pattern = o.Input.Pattern
	}
	if o.Pattern != "" {
		if err := byPattern(files, o.Pattern); err != nil {
			return nil, err
		}
	}
	s, err := fileSet(files, o)
	if err == nil {
		s.input.Pattern = o.Pattern
	}
	return s, err
}

// openFolder recognises what a folder holds.
func openFolder(dir string, o Options) (*Set, error) {
	if _, ok := mnistFile(dir, "train", "images-idx3-ubyte"); ok || o.Part == PartTest {
		if _, ok := mnistFile(dir, "t10k", "images-idx3-ubyte"); ok {
			return openMNIST(dir, o)
		}
	}
	if list, ok := partList(dir, o.Part); ok {
		return openList(list, o)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []file
	folders := 0
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if e.IsDir() {
			folders++
			of, err := os.ReadDir(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			before := len(files)
			for _, f := range of {
				if !f.IsDir() && !strings.HasPrefix(f.Name(), ".") {
					files = append(files, file{path: filepath.Join(dir, e.Name(), f.Name()), name: e.Name() + "/" + f.Name(), label: e.Name(), labelled: true})
				}
			}
			if len(files) == before {
				return nil, fmt.Errorf("%s: %w: no file is in it: a folder of a class holds its samples", filepath.Join(dir, e.Name()), ErrData)
			}
		}
	}
	if folders > 0 {
		return fileSet(files, o)
	}
	for _, e := range entries {
		if !e.IsDir() && isSample(e.Name()) {
			files = append(files, file{path: filepath.Join(dir, e.Name()), name: e.Name()})
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: %w: no samples are in it: folders of classes, recordings, sounds or pictures", dir, ErrData)
	}
	return patternSet(files, o)
}

// isSample reports whether a file of that name can be a sample: what describes a
// folder is none.
func isSample(name string) bool {
	if strings.HasPrefix(name, ".") {
		return false
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt", ".csv", ".tsv", ".md", ".json", ".html", ".pdf", ".py", ".zip", ".gz":
		return false
	}
	return true
}

// partList is the list of a part that lies in a folder, as train1K.txt.
func partList(dir, part string) (string, bool) {
	if part == "" {
		part = PartTrain
	}
	for _, ending := range []string{".txt", ".csv", ".tsv"} {
		found, _ := filepath.Glob(filepath.Join(dir, part+"*"+ending))
		if len(found) == 1 && isList(found[0]) {
			return found[0], true
		}
	}
	return "", false
}
