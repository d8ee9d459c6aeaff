package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// ErrReplaced is wrapped by the error of a file that was made shorter, or that
// another has taken the place of, while it was followed.
var ErrReplaced = errors.New("the file was replaced")

// pollTime is how often is looked whether a file has grown.
const pollTime = 20 * time.Millisecond

// Follow opens a file that may still grow, to be read by [events.NewReader]: at
// its end, reading waits for more. It ends, as at the end of a file, when ctx
// does, or, if idle is above 0, when the file has not grown for so long.
func Follow(ctx context.Context, path string, idle time.Duration) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("live: %w", err)
	}
	return &follower{ctx: ctx, file: f, path: path, idle: idle, grown: time.Now()}, nil
}

// follower reads a file that grows.
type follower struct {
	ctx   context.Context
	file  *os.File
	path  string
	idle  time.Duration
	grown time.Time // when it had, the last time
	read  int64
}

// Read reads what has come, and waits where nothing has.
func (f *follower) Read(p []byte) (int, error) {
	for {
		n, err := f.file.Read(p)
		if n > 0 || len(p) == 0 {
			f.read += int64(n)
			f.grown = time.Now()
			return n, nil
		}
		if err != io.EOF {
			return 0, err
		}
		if err := f.same(); err != nil {
			return 0, err
		}
		if f.idle > 0 && time.Since(f.grown) >= f.idle {
			return 0, io.EOF
		}
		select {
		case <-f.ctx.Done():
			return 0, io.EOF
		case <-time.After(pollTime):
		}
	}
}

// same reports a file that is no longer the one that is read.
func (f *follower) same() error {
	is, err := f.file.Stat()
	if err != nil {
		return err
	}
	if is.Size() < f.read {
		return fmt.Errorf("live: %s: %w: it has %d bytes, %d have been read", f.path, ErrReplaced, is.Size(), f.read)
	}
	if now, err := os.Stat(f.path); err == nil && !os.SameFile(now, is) {
		return fmt.Errorf("live: %s: %w by another", f.path, ErrReplaced)
	}
	return nil
}

// Close closes the file.
func (f *follower) Close() error { return f.file.Close() }
