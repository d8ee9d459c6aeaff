package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/internal/conform"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/simd"
)

type conformance struct {
	given
	Paths  []string `arg:"" optional:"" help:"Cases, or folders of cases: .safetensors files recorded from other frameworks. Without any, a built-in table of hashes is checked: every neuron and kernel, forward and back, and as text."`
	Tier   string   `enum:",go,avx2,neon" default:"" help:"The kernels to use: go, avx2 or neon; by default the fastest."`
	Events string   `placeholder:"DIR" help:"The folder of the recordings that cases of the kind nmnist name; by default ../data/nmnist from the case. Without weights in the case its network is ../nir/cnn_sinabs.nir from there."`
}

// errDiffers says that not every case conforms.
var errDiffers = errors.New("not every case conforms")

// Run prints a line for every case, and a summary.
func (c conformance) Run(ctx context.Context) error {
	if c.Tier != "" {
		if err := simd.Use(c.Tier); err != nil {
			return err
		}
	}
	results, err := c.results(ctx)
	if err != nil {
		return err
	}
	failed, all := 0, conform.Counts{}
	for _, r := range results {
		printline(line(r))
		all.Add(r.Counts)
		if !r.Pass() {
			failed++
		}
	}
	printf("\n%d cases, %d passed, %d failed\n", len(results), len(results)-failed, failed)
	printf("compared: %d outputs with %d spikes, %d numbers of states, %d of gradients, %d of derivatives, %d losses; kernels: %s\n",
		all.Outputs, all.Spikes, all.States, all.Gradients, all.Derivatives, all.Losses, simd.Tier())
	if failed > 0 {
		return errDiffers
	}
	return nil
}

// line is what is printed of a case.
func line(r conform.Result) string {
	if !r.Pass() {
		return fmt.Sprintf("FAIL  %-52s %v", r.Case, r.Err)
	}
	return fmt.Sprintf("pass  %-52s %7d spikes %6d states %6d gradients  worst %.3f of the tolerance", r.Case, r.Spikes, r.States, r.Gradients, r.Worst)
}

// results runs the cases.
func (c conformance) results(ctx context.Context) ([]conform.Result, error) {
	if len(c.Paths) == 0 {
		if err := c.unused("the built-in table needs no recordings", "events"); err != nil {
			return nil, err
		}
		return conform.Self(), nil
	}
	files, err := caseFiles(c.Paths)
	if err != nil {
		return nil, err
	}
	var results []conform.Result
	for _, path := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := conform.Result{Case: strings.TrimSuffix(filepath.Base(path), caseSuffix)}
		v, err := vectors.ReadFile(path)
		if err == nil {
			r = conform.Run(v, cmp.Or(c.Events, recordingsBeside(path)))
		} else {
			r.Err = err
		}
		results = append(results, r)
	}
	return results, nil
}

// recordingsBeside is where recordings are kept beside a folder of cases, or
// "" if there is no such folder.
func recordingsBeside(path string) string {
	dir := filepath.Join(filepath.Dir(path), "..", "data", "nmnist")
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

const caseSuffix = ".safetensors"

// caseFiles lists the cases in folders, and below them.
func caseFiles(paths []string) ([]string, error) {
	var files []string
	for _, root := range paths {
		before := len(files)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (path == root || strings.HasSuffix(path, caseSuffix)) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("%s: %w: no cases (*%s)", root, os.ErrNotExist, caseSuffix)
		}
		slices.Sort(files[before:])
	}
	return files, nil
}
