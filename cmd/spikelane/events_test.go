package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
)

// What is in a recording is told, drawn and converted; a command that fails
// leaves older files as they were.
func TestEvents(t *testing.T) {
	dir := t.TempDir()
	file := shared.Path(t, "data", "events", "sample_ncars.dat")
	drawn, written := filepath.Join(dir, "a.svg"), filepath.Join(dir, "a.csv")
	said, err := try(t, "events", file, "--json", "--picture", drawn, "--convert", written)
	require.NoError(t, err)
	var res recordingReport
	require.NoError(t, json.Unmarshal([]byte(said), &res))
	require.Equal(t, []int{2009, 1350}, []int{res.Events, res.On})
	require.Equal(t, 0.099952, res.Last)
	require.FileExists(t, drawn)
	again, err := try(t, "events", written, "--json")
	require.NoError(t, err)
	require.Equal(t, strings.Replace(strings.Replace(said, file, written, 1), `"dat"`, `"csv"`, 1), again)

	before, err := os.ReadFile(written)
	require.NoError(t, err)
	_, err = try(t, "events", file, "--sensor", "20x20", "--convert", written)
	require.ErrorContains(t, err, "the sensor is 20x20")
	after, err := os.ReadFile(written)
	require.NoError(t, err)
	require.Equal(t, before, after)
	said, err = try(t, "events", file, "--sensor", "20x20", "--outside", "drop")
	require.NoError(t, err)
	require.Contains(t, said, "outside the sensor")
	said, err = try(t, "events", shared.Path(t, "data", "events", "sample.aedat4"))
	require.NoError(t, err)
	require.Contains(t, said, "aedat4, sensor 320 x 240")
	require.Contains(t, said, "hot pixel   187, 105: 651 events")
	said, err = try(t, "events", file, "--follow", "--for", "100ms", "--json")
	require.NoError(t, err)
	require.Contains(t, said, `"events":2009`)
	said, err = try(t, "events", "--udp", "127.0.0.1:0", "--for", "10ms")
	require.NoError(t, err)
	require.Contains(t, said, "events      0: 0 on")
	for says, args := range map[string][]string{
		"for one recording":  {file, file, "--convert", written},
		".bs2, .npy or .csv": {file, "--convert", filepath.Join(dir, "a.mp3")},
		"no format":          {file, "--format", "vhs"},
		"name recordings":    {},
		"of 1s are asked":    {file, "--unit", "1s"},
	} {
		_, err := try(t, append([]string{"events"}, args...)...)
		require.ErrorContains(t, err, says)
	}
}

// Answers are written in every format, and none is written by a command that
// fails.
func TestOut(t *testing.T) {
	dir, model := t.TempDir(), network(t, "zero")
	one := shared.Path(t, "data", "nmnist", "60048.bs2")
	for _, ending := range []string{".jsonl", ".csv", ".npz", ".npy"} {
		path := filepath.Join(dir, "a"+ending)
		_, err := try(t, "run", model, one, one, "--steps", "50", "--out", path)
		require.NoError(t, err)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotEmpty(t, data)
		_, err = try(t, "run", model, filepath.Join(dir, "none.bs2"), "--out", path)
		require.Error(t, err)
		still, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, data, still)
	}
	_, err := try(t, "run", model, one, "--out", "a.xml")
	require.ErrorContains(t, err, ".jsonl")
	said, err := try(t, "run", model, one, "--steps", "50", "--out", "-")
	require.NoError(t, err)
	var res recordResult
	require.NoError(t, json.Unmarshal([]byte(said), &res))
	require.Len(t, res.Counts, 10)
	require.Len(t, res.First, 10)

	// And the outputs of an array are those of the same steps as recordings.
	_, err = try(t, "run", model, "--input", filepath.Join(dir, "a.npy"))
	require.ErrorContains(t, err, "the network's input")
}

// A model has one hash, whatever the number of goroutines.
func TestHash(t *testing.T) {
	model := network(t, "zero")
	one, err := try(t, "hash", model, "--steps", "20", "--batch", "3", "--rate", "0.2", "--json")
	require.NoError(t, err)
	two, err := try(t, "hash", model, "--steps", "20", "--batch", "3", "--rate", "0.2", "--workers", "2", "--json")
	require.NoError(t, err)
	require.Equal(t, one, two)
	var res hashResult
	require.NoError(t, json.Unmarshal([]byte(one), &res))
	require.Equal(t, "83bf61ae989dac736676d28ea4516bab656031d917e9d2bbc1466dd90464211f", res.Hash)
	sum := 0.0
	for _, rate := range res.Rates {
		sum += rate
	}
	require.Positive(t, sum)
	_, err = try(t, "hash", model, "--rate", "2")
	require.ErrorContains(t, err, "from 0 to 1")
}
