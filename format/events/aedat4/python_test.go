package aedat4_test

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

// What dv-processing writes, with every compression, is read as it reads it.
func TestCompressions(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out.json")
	python.Run(t, filepath.Join("testdata", "write.py"), out)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	var all map[string][5]int64 // events, and the sums of t, x, y, p
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all, 5)
	for name, want := range all {
		r, err := events.Open(filepath.Join(dir, name+".aedat4"), events.Options{})
		require.NoError(t, err, name)
		require.Equal(t, events.Sensor{Width: 320, Height: 240}, r.Sensor())
		var got [5]int64
		for e, err := range r.All() {
			require.NoError(t, err, name)
			got[0]++
			got[1] += int64(e.Time/time.Microsecond) - 1700000000000000
			got[2] += int64(e.X)
			got[3] += int64(e.Y)
			if e.On {
				got[4]++
			}
		}
		require.NoError(t, r.Close())
		require.Equal(t, want, got, name)
	}
}
