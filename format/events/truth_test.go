package events_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/shared"
)

// truth is what others read out of a file.
type truth struct {
	Events, On    int
	Width, Height int
	First, Last   [][4]int64 // t, x, y, p
	Sum           string     `json:"sha256_of_t_i64_x_i32_y_i32_p_i32"`
}

// truths are those of the files that this package reads.
func truths(t testing.TB) map[string]truth {
	data, err := os.ReadFile(shared.Path(t, "data", "events", "truth.json"))
	require.NoError(t, err)
	all := map[string]truth{}
	require.NoError(t, json.Unmarshal(data, &all))
	delete(all, "sample.aedat4") // which has a package of its own
	require.Len(t, all, 3)
	return all
}

// readAll reads a recording to its end.
func readAll(r *events.Reader) (all []events.Event, err error) {
	for e, err := range r.All() {
		if err != nil {
			return all, err
		}
		all = append(all, e)
	}
	return all, nil
}

// quad is an event as truths have it.
func quad(e events.Event) [4]int64 {
	p := int64(0)
	if e.On {
		p = 1
	}
	return [4]int64{int64(e.Time / time.Microsecond), int64(e.X), int64(e.Y), p}
}

// sum is the hash over the times, then the x, the y and the polarities.
func sum(all []events.Event) string {
	h := sha256.New()
	for part := range 4 {
		for _, e := range all {
			v := quad(e)[part]
			if part == 0 {
				binary.Write(h, binary.LittleEndian, v)
			} else {
				binary.Write(h, binary.LittleEndian, int32(v))
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// What decoders of others read is what is read here, from a file and from a
// stream.
func TestTruth(t *testing.T) {
	for name, want := range truths(t) {
		t.Run(name, func(t *testing.T) {
			path := shared.Path(t, "data", "events", name)
			r, err := events.Open(path, events.Options{})
			require.NoError(t, err)
			defer r.Close()
			require.Equal(t, events.Sensor{Width: want.Width, Height: want.Height}, r.Sensor())
			all, err := readAll(r)
			require.NoError(t, err)
			require.Len(t, all, want.Events)
			on := 0
			for _, e := range all {
				if e.On {
					on++
				}
			}
			require.Equal(t, want.On, on)
			for i := range want.First {
				require.Equal(t, want.First[i], quad(all[i]))
				require.Equal(t, want.Last[i], quad(all[len(all)-len(want.Last)+i]))
			}
			if os.Getenv("SPIKELANE_EMULATED") == "" {
				require.Equal(t, want.Sum, sum(all))
			}

			f, err := os.Open(path)
			require.NoError(t, err)
			defer f.Close()
			stream, err := events.NewReader(onlyReader{f}, events.Options{})
			require.NoError(t, err)
			again, err := readAll(stream)
			require.NoError(t, err)
			require.Equal(t, all, again)
			require.Equal(t, r.Format(), stream.Format())
		})
	}
}

// onlyReader is no file.
type onlyReader struct{ f *os.File }

func (r onlyReader) Read(p []byte) (int, error) { return r.f.Read(p) }

// Streams of the Event Stream format that have no pixels say so.
func TestEventsWithoutPixels(t *testing.T) {
	_, err := events.Open(shared.Path(t, "data", "events", "generic.es"), events.Options{})
	require.ErrorIs(t, err, events.ErrFormat)
	require.ErrorContains(t, err, "generic events")
}

func BenchmarkRead(b *testing.B) {
	for name := range truths(b) {
		b.Run(name, func(b *testing.B) {
			path := shared.Path(b, "data", "events", name)
			var some [512]events.Event
			read := 0
			for b.Loop() {
				r, err := events.Open(path, events.Options{})
				require.NoError(b, err)
				for {
					n, err := r.Read(some[:])
					read += n
					if err != nil {
						break
					}
				}
				r.Close()
			}
			b.ReportMetric(float64(read)/b.Elapsed().Seconds()/1e6, "Mevents/s")
		})
	}
}
