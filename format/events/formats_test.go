package events_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/events"
)

// written is a format, and how a recording is written in it: by its
// specification, event by event, so that a test can cut it anywhere.
type written struct {
	name    string
	options events.Options
	head    func(n int) []byte
	event   func(e, before events.Event) []byte
	whole   int // bytes of one event, if all are alike: a cut inside one is noticed
	backs   bool
}

func us(e events.Event) uint64 { return uint64(e.Time / time.Microsecond) }

func bit(e events.Event) uint64 {
	if e.On {
		return 1
	}
	return 0
}

func text(s string) func(int) []byte { return func(int) []byte { return []byte(s) } }

func le[T any](v ...T) []byte {
	var b bytes.Buffer
	for _, x := range v {
		binary.Write(&b, binary.LittleEndian, x)
	}
	return b.Bytes()
}

var micro = events.Options{Unit: time.Microsecond}

var all = []written{
	{name: "bs2", options: events.Options{Format: "bs2"}, head: text(""), whole: 5, backs: true, event: func(e, _ events.Event) []byte {
		word := bit(e)<<23 | us(e)
		return []byte{byte(e.X), byte(e.Y), byte(word >> 16), byte(word >> 8), byte(word)}
	}},
	{name: "dat", head: text("% Version 2\n% Height 200\n% Width 200\n\x0c\x08"), whole: 8, backs: true, event: func(e, _ events.Event) []byte {
		return le(uint32(us(e)), uint32(bit(e)<<28|uint64(e.Y)<<14|uint64(e.X)))
	}},
	{name: "evt2", head: text("% evt 2.0\n"), backs: true, event: func(e, _ events.Event) []byte {
		return le(uint32(8<<28|us(e)>>6), uint32(bit(e)<<28|us(e)&63<<22|uint64(e.X)<<11|uint64(e.Y)))
	}},
	{name: "evt21", head: text("% format EVT21;endianness=little;height=200;width=200\n% end\n"), backs: true, event: func(e, _ events.Event) []byte {
		return le(uint64(8)<<60|us(e)>>6<<32, bit(e)<<60|us(e)&63<<54|uint64(e.X)<<43|uint64(e.Y)<<32|1)
	}},
	{name: "evt3", head: text("% evt 3.0\n% geometry 200x200\n"), event: func(e, _ events.Event) []byte {
		return le(0x8000|uint16(us(e)>>12&0xfff), 0x6000|uint16(us(e)&0xfff), uint16(e.Y), 0x2000|uint16(bit(e))<<11|e.X)
	}},
	{name: "es", head: text("Event Stream\x02\x00\x00\x01\xc8\x00\xc8\x00"), event: func(e, before events.Event) []byte {
		wait := us(e) - us(before)
		b := bytes.Repeat([]byte{0xff}, int(wait/127))
		return append(append(b, byte(wait%127<<1|bit(e))), le(e.X, e.Y)...)
	}},
	{name: "aedat2", head: text("#!AER-DAT2.0\r\n# AEChip: DAVIS240C\r\n"), whole: 8, backs: true, event: func(e, _ events.Event) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(239-uint64(e.X))<<12|uint32(e.Y)<<22|uint32(bit(e))<<11)
		return binary.BigEndian.AppendUint32(b, uint32(us(e)))
	}},
	{name: "aedat3", head: text("#!AER-DAT3.1\r\n#Format: RAW\r\n#!END-HEADER\r\n"), whole: 36, backs: true, event: func(e, _ events.Event) []byte {
		head := le(int16(1), int16(0))
		head = append(head, le(int32(8), int32(4), int32(us(e)>>31), int32(1), int32(1), int32(1))...)
		return append(head, le(uint32(e.X)<<17|uint32(e.Y)<<2|uint32(bit(e))<<1|1, uint32(us(e)&0x7fffffff))...)
	}},
	{name: "npy", options: micro, whole: 15, backs: true, head: npyHead("[('x', '<u2'), ('p', '|b1'), ('', '|V2'), ('t', '<i8'), ('y', '<i2')]"), event: func(e, _ events.Event) []byte {
		return append(append(le(e.X), byte(bit(e)), 7, 7), append(le(us(e)), le(int16(e.Y))...)...)
	}},
	{name: "csv", backs: true, head: text("t_us,x,y,p\n"), event: func(e, _ events.Event) []byte {
		return fmt.Appendf(nil, "%d,%d,%d,%d\n", us(e), e.X, e.Y, bit(e))
	}},
}

func npyHead(descr string) func(n int) []byte {
	return func(n int) []byte {
		dict := fmt.Sprintf("{'descr': %s, 'fortran_order': False, 'shape': (%d,), }\n", descr, n)
		return append([]byte("\x93NUMPY\x01\x00"), append(le(uint16(len(dict))), dict...)...)
	}
}

// write is a recording, and where each of its events ends.
func (w written) write(list []events.Event) (data []byte, ends []int) {
	data = w.head(len(list))
	var before events.Event
	for _, e := range list {
		data = append(data, w.event(e, before)...)
		ends = append(ends, len(data))
		before = e
	}
	return data, ends
}

// read reads a recording from memory.
func (w written) read(data []byte, o events.Options) ([]events.Event, *events.Reader, error) {
	o.Format, o.Unit = w.options.Format, max(o.Unit, w.options.Unit)
	r, err := events.NewReader(bytes.NewReader(data), o)
	if err != nil {
		return nil, nil, err
	}
	list, err := readAll(r)
	return list, r, err
}

func event(x, y uint16, on bool, at time.Duration) events.Event {
	return events.Event{X: x, Y: y, On: on, Time: at * time.Microsecond}
}

// What is written is read, in every format, and by name too.
func TestEveryFormat(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var list []events.Event
	now := time.Duration(0)
	for range 3000 {
		now += time.Duration(r.IntN(40)) * time.Microsecond
		list = append(list, events.Event{X: uint16(r.IntN(128)), Y: uint16(r.IntN(128)), On: r.IntN(2) == 1, Time: now})
	}
	for _, w := range all {
		data, _ := w.write(list)
		got, reader, err := w.read(data, events.Options{})
		require.NoError(t, err, w.name)
		require.Equal(t, list, got, w.name)
		require.Equal(t, w.name, reader.Format())
	}
}

// A file that is cut anywhere gives its whole events, and then an error that
// says how many they are, unless it ends between two.
func TestCutAnywhere(t *testing.T) {
	list := []events.Event{event(1, 2, true, 5), event(3, 4, false, 300), event(5, 100, true, 301), event(9, 1, true, 900)}
	for _, w := range all {
		data, ends := w.write(list)
		for n := len(w.head(len(list))); n < len(data); n++ {
			whole := 0
			for _, end := range ends {
				if end <= n {
					whole++
				}
			}
			got, _, err := w.read(data[:n], events.Options{})
			if n == 0 || w.name == "csv" && n <= ends[0] {
				continue // nothing, or a header without a line
			}
			if w.name != "csv" { // of which a line may be whole before its end
				require.Equal(t, list[:whole], append([]events.Event{}, got...), "%s at %d", w.name, n)
			}
			if w.whole > 0 && (n-len(w.head(len(list))))%w.whole != 0 {
				require.ErrorIs(t, err, events.ErrTruncated, "%s at %d", w.name, n)
				require.ErrorContains(t, err, fmt.Sprintf("after %d whole events", whole), w.name)
			}
		}
	}
}

// The rules are the same for every format.
func TestRules(t *testing.T) {
	for _, w := range all {
		good := []events.Event{event(1, 2, true, 5), event(99, 4, false, 300), event(5, 9, true, 301)}
		data, _ := w.write(good)
		small := events.Sensor{Width: 50, Height: 50}
		got, _, err := w.read(data, events.Options{Sensor: small})
		require.ErrorIs(t, err, events.ErrFormat, w.name)
		require.ErrorContains(t, err, "event 1: ", w.name)
		require.Len(t, got, 1, w.name)
		got, r, err := w.read(data, events.Options{Sensor: small, Outside: events.OutsideDrop})
		require.NoError(t, err, w.name)
		require.Len(t, got, 2, w.name)
		require.Equal(t, 1, r.Dropped())
		if !w.backs {
			continue
		}
		list := []events.Event{event(1, 2, true, 5), event(2, 2, true, 300), event(3, 2, true, 20), event(4, 2, true, 300)}
		data, _ = w.write(list)
		_, _, err = w.read(data, events.Options{})
		require.ErrorIs(t, err, events.ErrFormat, w.name)
		require.ErrorContains(t, err, "event 2: ", w.name)
		got, r, err = w.read(data, events.Options{Backward: events.BackwardKeep})
		require.NoError(t, err, w.name)
		require.Equal(t, list, got, w.name)
		require.Equal(t, 1, r.Backward())
		got, _, err = w.read(data, events.Options{Backward: events.BackwardSort})
		require.NoError(t, err, w.name)
		require.Equal(t, []events.Event{list[0], list[2], list[1], list[3]}, got, w.name)
	}
}

// An event comes out when its bytes have come, not when more have.
func TestLive(t *testing.T) {
	list := []events.Event{event(1, 2, true, 5), event(3, 4, false, 100), event(5, 9, true, 220)}
	for _, w := range all {
		data, ends := w.write(list)
		in, out := io.Pipe()
		asked := make(chan int)
		go func() {
			from := 0
			for i, end := range ends {
				if i > 0 {
					<-asked
				}
				out.Write(data[from:end])
				from = end
			}
		}()
		r, err := events.NewReader(in, events.Options{Format: w.options.Format, Unit: w.options.Unit})
		require.NoError(t, err, w.name)
		var some [10]events.Event
		for i, want := range list {
			if i > 0 {
				asked <- i
			}
			n, err := r.Read(some[:])
			require.NoError(t, err, w.name)
			require.Equal(t, []events.Event{want}, some[:n], w.name)
		}
		in.Close()
	}
}

// Counters that begin again, and times of many hours, go on.
func TestLongTimes(t *testing.T) {
	for _, w := range all {
		switch w.name {
		case "bs2", "es":
			continue // whose times end at 8.4 s, and take a byte for every 127 us
		}
		var list []events.Event
		for i := range 40 {
			list = append(list, event(1, 1, true, time.Duration(i)*(1<<23-100000)))
		}
		if w.name == "dat" || w.name == "aedat2" || w.name == "evt2" || w.name == "npy" || w.name == "csv" {
			list = append(list, event(1, 1, true, 1<<32-5), event(2, 1, true, 1<<32+5), event(2, 1, true, 1<<33-9), event(2, 1, true, 1<<33+9))
		}
		data, _ := w.write(list)
		got, _, err := w.read(data, events.Options{})
		require.NoError(t, err, w.name)
		require.Equal(t, list, got, w.name)
	}
}

// Polarities are 0 and 1, or -1 and 1, or words.
func TestPolarities(t *testing.T) {
	for text, want := range map[string]string{
		"t_s;x;p\n0.5;3;-1\n0.75;4;1\n":    "500ms 3 0 false, 750ms 4 0 true, ",
		"t_ms x p\n1 3 False\n2.25 4 True": "1ms 3 0 false, 2.25ms 4 0 true, ",
		"t_s,x\n1605537493.718345,9\n":     "446h..",
	} {
		r, err := events.NewReader(strings.NewReader(text), events.Options{})
		require.NoError(t, err, text)
		list, err := readAll(r)
		require.NoError(t, err, text)
		said := ""
		for _, e := range list {
			said += fmt.Sprint(e.Time, " ", e.X, " ", e.Y, " ", e.On, ", ")
		}
		if strings.HasSuffix(want, "..") {
			require.Equal(t, 1605537493718345*time.Microsecond, list[0].Time)
			require.True(t, list[0].On, "without polarity, all are on")
			continue
		}
		require.Equal(t, want, said)
	}
	for text, says := range map[string]string{
		"t_us,x,y,p\n1,1,1,2\n":           "event 0: ",
		"t_us,x,y,p\n1,1,1,0\n2,1,1,-1\n": "event 1: ",
		"t_us,x,y,p\n1,1,1,0.5\n":         "line 2",
		"t_us,x,y,p\n1,1,1,0\n2,1,1\n":    "line 3",
		"t_us,x,y,p\n1,-3,1,0\n":          "x, y are -3, 1",
		"t_us,x,y,p\n1,99999,1,0\n":       "x, y are 99999, 1",
		"t_us,x,y,p\n-1,3,1,0\n":          "before time 0",
		"t_us,x,y,p\n1e99,3,1,0\n":        "line 2",
		"t_us,x,y,p\nnan,3,1,0\n":         "line 2",
		"t_s,x,y,p\n9223372037,3,1,0\n":   "line 2",
		"t,x,y,p\n1,1,1,1\n":              "not guessed",
		"1,1,1,1\n":                       "name the columns",
		"a,b,c\n1,1,1\n":                  "none is t",
		"t_us,ts,x\n1,1,1\n":              "both look like t",
		"t_us,x,y,p\n":                    "",
	} {
		r, err := events.NewReader(strings.NewReader(text), events.Options{})
		if err == nil {
			_, err = readAll(r)
		}
		if says == "" {
			require.NoError(t, err)
			continue
		}
		require.Error(t, err, text)
		require.ErrorContains(t, err, says, text)
	}
	for _, text := range []string{"\ufeff# hello\nt_us,x,y,p\n1,2,3,1\n", "\"t_us\",\"x\",\"y\",\"p\"\n\"1\",\"2\",\"3\",\"1\"\n"} {
		r, err := events.NewReader(strings.NewReader(text), events.Options{})
		require.NoError(t, err, text)
		list, err := readAll(r)
		require.NoError(t, err, text)
		require.Equal(t, []events.Event{event(2, 3, true, 1)}, list, text)
	}
	quoted, err := events.NewReader(strings.NewReader("\"1\",\"2\",\"3\",\"1\"\n"), events.Options{Columns: "t,x,y,p", Unit: time.Microsecond})
	require.NoError(t, err)
	found, err := readAll(quoted)
	require.NoError(t, err)
	require.Equal(t, []events.Event{event(2, 3, true, 1)}, found)
	r, err := events.NewReader(strings.NewReader("# by hand\n7\t1\t2\t1\n"), events.Options{Columns: "x,y,t,p", Unit: time.Second})
	require.NoError(t, err)
	list, err := readAll(r)
	require.NoError(t, err)
	require.Equal(t, []events.Event{{X: 7, Y: 1, Time: 2 * time.Second, On: true}}, list)
}

// npz writes an archive with these members.
func npz(t *testing.T, members map[string][]byte) string {
	path := filepath.Join(t.TempDir(), "a.npz")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	z := zip.NewWriter(f)
	for name, data := range members {
		w, err := z.Create(name + ".npy")
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return path
}

// Arrays of an archive are read side by side; they have to be of one length.
func TestArchive(t *testing.T) {
	n := 5000
	column := func(n int, typ string, v func(i int) any) []byte {
		b := npyHead("'" + typ + "'")(n)
		for i := range n {
			b = append(b, le(v(i))...)
		}
		return b
	}
	members := map[string][]byte{
		"t": column(n, "<f8", func(i int) any { return float64(i) * 1e-6 }),
		"x": column(n, "<i4", func(i int) any { return int32(i % 64) }),
		"p": column(n, "|i1", func(i int) any { return int8(i%2*2 - 1) }),
	}
	r, err := events.Open(npz(t, members), events.Options{Unit: time.Second})
	require.NoError(t, err)
	defer r.Close()
	list, err := readAll(r)
	require.NoError(t, err)
	require.Len(t, list, n)
	for i, e := range list {
		require.Equal(t, event(uint16(i%64), 0, i%2 == 1, time.Duration(i)), e)
	}
	_, err = events.Open(npz(t, members), events.Options{})
	require.ErrorIs(t, err, events.ErrOption)
	damaged, err := os.ReadFile(npz(t, members))
	require.NoError(t, err)
	at := bytes.LastIndex(damaged, []byte("PK\x07\x08")) // the sum after a member
	damaged[at+4] ^= 1
	path := filepath.Join(t.TempDir(), "damaged.npz")
	require.NoError(t, os.WriteFile(path, damaged, 0o666))
	r, err = events.Open(path, events.Options{Unit: time.Second})
	if err == nil {
		_, err = readAll(r)
	}
	require.ErrorIs(t, err, events.ErrFormat, "a checksum that is wrong")
	members["p"] = column(n-1, "|i1", func(int) any { return int8(1) })
	_, err = events.Open(npz(t, members), events.Options{Unit: time.Second})
	require.ErrorIs(t, err, events.ErrFormat)
	require.ErrorContains(t, err, "4999")
}

// What is no recording says so.
func TestUnknownFiles(t *testing.T) {
	_, err := events.NewReader(strings.NewReader(""), events.Options{})
	require.ErrorIs(t, err, events.ErrFormat)
	_, err = events.NewReader(bytes.NewReader(bytes.Repeat([]byte{0, 1, 2}, 50000)), events.Options{})
	require.ErrorIs(t, err, events.ErrUnknown)
	_, err = events.NewReader(strings.NewReader("x"), events.Options{Format: "vhs"})
	require.ErrorIs(t, err, events.ErrOption)
	require.ErrorContains(t, err, "evt3")
	for _, o := range []events.Options{{Unit: -1}, {Outside: 9}, {Backward: 9}, {Sample: -1}, {Sensor: events.Sensor{Width: -1}}} {
		_, err := events.NewReader(strings.NewReader("x"), o)
		require.ErrorIs(t, err, events.ErrOption)
	}
}

func FuzzReader(f *testing.F) {
	list := []events.Event{event(1, 2, true, 5), event(3, 4, false, 300)}
	for _, w := range all {
		data, _ := w.write(list)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := events.NewReader(bytes.NewReader(data), events.Options{Unit: time.Microsecond})
		if err != nil {
			return
		}
		_, err = readAll(r)
		if err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}
