package events_test

import (
	"errors"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/shared"
)

func sequence(list []events.Event, err error) iter.Seq2[events.Event, error] {
	return func(yield func(events.Event, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
		if err != nil {
			yield(events.Event{}, err)
		}
	}
}

// What is written is read again; what cannot be written leaves the file alone.
func TestWriteFile(t *testing.T) {
	list := []events.Event{event(1, 2, true, 5), event(255, 4, false, 300), event(5, 9, true, 8388607)}
	for _, ending := range []string{".bs2", ".npy", ".csv"} {
		path := filepath.Join(t.TempDir(), "a"+ending)
		n, err := events.WriteFile(path, sequence(list, nil))
		require.NoError(t, err)
		require.Equal(t, 3, n)
		o := events.Options{}
		if ending == ".npy" {
			o.Unit = time.Microsecond
		}
		r, err := events.Open(path, o)
		require.NoError(t, err)
		got, err := readAll(r)
		require.NoError(t, err)
		require.Equal(t, list, got)
		require.NoError(t, r.Close())

		before, err := os.ReadFile(path)
		require.NoError(t, err)
		broken := errors.New("cable")
		_, err = events.WriteFile(path, sequence(list[:1], broken))
		require.ErrorIs(t, err, broken)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
	for _, e := range []events.Event{event(256, 0, true, 0), event(0, 0, true, 1<<23), {Time: 5}} {
		_, err := events.WriteFile(filepath.Join(t.TempDir(), "a.bs2"), sequence([]events.Event{e}, nil))
		require.ErrorIs(t, err, events.ErrOption)
	}
	_, err := events.WriteFile("a.mp3", sequence(nil, nil))
	require.ErrorIs(t, err, events.ErrOption)
}

// The real recordings, written again, give the same bytes.
func TestRealRecordings(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared.Path(t, "data", "nmnist"), "*.bs2"))
	require.NoError(t, err)
	require.Len(t, files, 1100)
	copied := filepath.Join(t.TempDir(), "copy.bs2")
	for i, path := range files {
		if i%25 != 0 {
			continue
		}
		r, err := events.Open(path, events.Options{Sensor: events.Sensor{Width: 34, Height: 34}})
		require.NoError(t, err)
		_, err = events.WriteFile(copied, r.All())
		require.NoError(t, err)
		require.NoError(t, r.Close())
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		got, err := os.ReadFile(copied)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}
