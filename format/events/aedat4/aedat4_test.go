package aedat4_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"bytes"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/events"
	_ "github.com/spikelane/spikelane/format/events/aedat4"
	"github.com/spikelane/spikelane/internal/shared"
)

// What other decoders read is what is read here.
func TestTruth(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "data", "events", "truth.json"))
	require.NoError(t, err)
	var all map[string]struct {
		Events, On, Width, Height int
		First, Last               [][4]int64
		Sum                       string `json:"sha256_of_t_i64_x_i32_y_i32_p_i32"`
	}
	require.NoError(t, json.Unmarshal(data, &all))
	want := all["sample.aedat4"]
	r, err := events.Open(shared.Path(t, "data", "events", "sample.aedat4"), events.Options{})
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, "aedat4", r.Format())
	require.Equal(t, events.Sensor{Width: want.Width, Height: want.Height}, r.Sensor())
	parts := make([][]byte, 4)
	n := 0
	for e, err := range r.All() {
		require.NoError(t, err)
		on := uint32(0)
		if e.On {
			on = 1
		}
		us := int64(e.Time / time.Microsecond)
		parts[0] = binary.LittleEndian.AppendUint64(parts[0], uint64(us))
		parts[1] = binary.LittleEndian.AppendUint32(parts[1], uint32(e.X))
		parts[2] = binary.LittleEndian.AppendUint32(parts[2], uint32(e.Y))
		parts[3] = binary.LittleEndian.AppendUint32(parts[3], on)
		quad := [4]int64{us, int64(e.X), int64(e.Y), int64(on)}
		if n < len(want.First) {
			require.Equal(t, want.First[n], quad)
		}
		if k := n - want.Events + len(want.Last); k >= 0 {
			require.Equal(t, want.Last[k], quad)
		}
		n++
	}
	require.Equal(t, want.Events, n)
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	require.Equal(t, want.Sum, hex.EncodeToString(h.Sum(nil)))
}

// count reads a file to its end.
func count(data []byte, o events.Options) (n int, err error) {
	r, err := events.NewReader(bytes.NewReader(data), o)
	if err != nil {
		return 0, err
	}
	for _, err := range r.All() {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// A file that ends early gives what is whole of it, and then an error.
func TestCut(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "data", "events", "sample.aedat4"))
	require.NoError(t, err)
	before := 0
	for _, n := range []int{20, 200, 2000, 20000, 300000, 600001} {
		got, err := count(data[:n], events.Options{})
		require.ErrorIs(t, err, events.ErrTruncated, "%d", n)
		require.GreaterOrEqual(t, got, before)
		before = got
	}
	require.Greater(t, before, 1000)
	_, err = count(data, events.Options{Group: "seven"})
	require.ErrorIs(t, err, events.ErrOption)
	require.ErrorContains(t, err, "0 (")
}

// A byte that has changed gives an error or other events, and nothing worse.
func TestDamaged(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "data", "events", "sample.aedat4"))
	require.NoError(t, err)
	data = data[:60000]
	failed := 0
	for at := 14; at < len(data); at += 171 {
		damaged := bytes.Clone(data)
		damaged[at] ^= 0xa5
		if _, err := count(damaged, events.Options{Backward: events.BackwardKeep}); err != nil {
			failed++
		}
	}
	require.Positive(t, failed)
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("#!AER-DAT4.0\r\n\x08\x00\x00\x00\x00\x00\x00\x00IOHE"))
	f.Fuzz(func(t *testing.T, data []byte) {
		count(append([]byte("#!AER-DAT4.0\r\n"), data...), events.Options{})
	})
}

func BenchmarkRead(b *testing.B) {
	path := shared.Path(b, "data", "events", "sample.aedat4")
	var some [512]events.Event
	read := 0
	for b.Loop() {
		r, err := events.Open(path, events.Options{})
		require.NoError(b, err)
		for {
			n, err := r.Read(some[:])
			read += n
			if err == io.EOF {
				break
			}
			require.NoError(b, err)
		}
		r.Close()
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds()/1e6, "Mevents/s")
}

func Example() {
	r, err := events.Open("recording.aedat4", events.Options{})
	if err != nil {
		fmt.Println("there is none here")
		return
	}
	defer r.Close()
	fmt.Println(r.Sensor())
	// Output: there is none here
}
