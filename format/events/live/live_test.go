package live_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/format/events/live"
)

// words are what AEStream sends, little-endian.
func words(list ...uint32) (b []byte) {
	for _, w := range list {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// free is an address that nobody listens on.
func free(t *testing.T) string {
	if runtime.GOOS == "js" {
		t.Skip("there is no network here")
	}
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer c.Close()
	return c.LocalAddr().String()
}

// Packets with and without times become events, until the context ends.
func TestUDP(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	address := free(t)
	r, err := live.UDP(ctx, address, events.Options{Sensor: events.Sensor{Width: 640, Height: 480}})
	require.NoError(t, err)
	c, err := net.Dial("udp", address)
	require.NoError(t, err)
	defer c.Close()
	send := func(b []byte) {
		_, err := c.Write(b)
		require.NoError(t, err)
	}
	some := make([]events.Event, 10)
	read := func() []events.Event {
		n, err := r.Read(some)
		require.NoError(t, err)
		return some[:n]
	}
	send(words(600<<16|1<<15|7, 123, 5<<16|479, 4294967295))
	require.Equal(t, []events.Event{
		{X: 600, Y: 7, On: true, Time: 123 * time.Microsecond}, {X: 5, Y: 479, Time: 4294967295 * time.Microsecond},
	}, read())
	send(words(1<<16|1, 9))
	require.Equal(t, []events.Event{{X: 1, Y: 1, Time: (1<<32 + 9) * time.Microsecond}}, read(), "the counter has begun again")
	cancel()
	_, err = r.Read(some)
	require.ErrorIs(t, err, io.EOF)
}

// Events without a time have that of their arrival.
func TestArrival(t *testing.T) {
	address := free(t)
	r, err := live.UDP(t.Context(), address, events.Options{})
	require.NoError(t, err)
	c, err := net.Dial("udp", address)
	require.NoError(t, err)
	defer c.Close()
	some := make([]events.Event, 10)
	before := time.Duration(-1)
	for range 3 {
		_, err = c.Write(words(1<<31|3<<16|1<<15|2, 1<<31|4<<16))
		require.NoError(t, err)
		n, err := r.Read(some)
		require.NoError(t, err)
		require.Equal(t, 2, n)
		require.Equal(t, uint16(3), some[0].X)
		require.Greater(t, some[0].Time, before)
		before = some[0].Time
		time.Sleep(2 * time.Millisecond)
	}
	for _, bad := range [][]byte{{1, 2, 3}, words(1 << 16)} {
		address := free(t)
		r, err := live.UDP(t.Context(), address, events.Options{})
		require.NoError(t, err)
		c, err := net.Dial("udp", address)
		require.NoError(t, err)
		_, err = c.Write(bad)
		require.NoError(t, err)
		_, err = r.Read(some)
		require.ErrorIs(t, err, events.ErrFormat)
		c.Close()
	}
	_, err = live.UDP(t.Context(), "nowhere:port", events.Options{})
	require.Error(t, err)
	_, err = live.UDP(t.Context(), free(t), events.Options{Sensor: events.Sensor{Width: -1}})
	require.ErrorIs(t, err, events.ErrOption)
}

// What is written to a file comes out of it, until nothing has for a while.
func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "growing.csv")
	out, err := os.Create(path)
	require.NoError(t, err)
	defer out.Close()
	fmt.Fprintln(out, "t_us,x,y,p\n1,2,3,1")
	in, err := live.Follow(t.Context(), path, 500*time.Millisecond)
	require.NoError(t, err)
	defer in.Close()
	r, err := events.NewReader(in, events.Options{})
	require.NoError(t, err)
	some := make([]events.Event, 4)
	for i := range 3 {
		n, err := r.Read(some)
		require.NoError(t, err)
		require.Equal(t, []events.Event{{X: 2, Y: 3, On: true, Time: time.Duration(i+1) * time.Microsecond}}, some[:n])
		if i < 2 {
			fmt.Fprintf(out, "%d,2,3,1\n", i+2)
		}
	}
	_, err = r.Read(some)
	require.ErrorIs(t, err, io.EOF)
}

// A file that is cut, or that another takes the place of, is an error.
func TestFollowOfAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	require.NoError(t, os.WriteFile(path, []byte("hello"), 0o666))
	for _, change := range []func() error{
		func() error { return os.Truncate(path, 2) },
		func() error { return os.Rename(path+"2", path) },
	} {
		require.NoError(t, os.WriteFile(path, []byte("hello"), 0o666))
		require.NoError(t, os.WriteFile(path+"2", []byte("hello again"), 0o666))
		in, err := live.Follow(t.Context(), path, 0)
		require.NoError(t, err)
		b := make([]byte, 5)
		_, err = io.ReadFull(in, b)
		require.NoError(t, err)
		require.NoError(t, change())
		_, err = in.Read(b)
		require.ErrorIs(t, err, live.ErrReplaced)
		in.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, err := live.Follow(ctx, path, 0)
	require.NoError(t, err)
	defer in.Close()
	_, err = io.ReadAll(in)
	require.NoError(t, err, "it ends with the context")
	_, err = live.Follow(ctx, path+"none", 0)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func Example() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // in a program, when it ends
	in, err := live.Follow(ctx, os.DevNull, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	fmt.Println(len(data), err)
	// Output: 0 <nil>
}
