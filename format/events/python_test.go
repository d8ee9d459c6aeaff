package events_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/python"
)

// What expelliarmus, event_stream and NumPy write is read here as they read it,
// and what is written here NumPy reads.
func TestOtherPackages(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out.json")
	python.Run(t, filepath.Join("testdata", "write.py"), out)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	var all map[string][][4]int64
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all, 11)
	for name, want := range all {
		o := events.Options{}
		switch filepath.Ext(name) {
		case ".npz":
			o.Unit = time.Microsecond
		case ".npy":
			if name != "units.npy" {
				o.Unit = time.Microsecond
			}
		}
		if name == "spikes.h5" {
			o.Sample = 3
		}
		r, err := events.Open(filepath.Join(dir, name), o)
		require.NoError(t, err, name)
		list, err := readAll(r)
		require.NoError(t, err, name)
		require.NoError(t, r.Close())
		got := make([][4]int64, len(list))
		for i, e := range list {
			e.Time = e.Time.Round(time.Microsecond) // of seconds as float32
			got[i] = quad(e)
		}
		require.Equal(t, want, got, name)

		written := filepath.Join(dir, "written.npy")
		_, err = events.WriteFile(written, sequence(list, nil))
		require.NoError(t, err)
		if name != "dat.dat" {
			continue // once is enough
		}
		python.Run(t, filepath.Join("testdata", "read.py"), out, written)
		text, err := os.ReadFile(out)
		require.NoError(t, err)
		var again [][4]int64
		require.NoError(t, json.Unmarshal(text, &again))
		require.Equal(t, want, again)
	}
}
