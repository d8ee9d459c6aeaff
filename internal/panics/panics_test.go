package panics_test

import (
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/panics"
)

var errOwn = errors.New("own")

func explode() error { panic(errOwn) }

func TestGroup(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func() error
		is   error
		says string
	}{
		{"nothing", func() error { return nil }, nil, ""},
		{"an error", func() error { return errOwn }, errOwn, "own"},
		{"a panic", explode, panics.Err, "panics_test.explode"},
		{"a panic with an error", explode, errOwn, "panic: own"},
		{"an index", func() error { var none []int; _ = none[len(none)]; return nil }, panics.Err, "index out of range"},
		{"an end", func() error { runtime.Goexit(); return nil }, nil, "runtime.Goexit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var g panics.Group
			done := 0
			g.Go(func() error { done++; return nil })
			g.Go(c.f)
			err := g.Wait()
			require.Equal(t, 1, done)
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.says)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
}

// A panic that is thrown on keeps the stack where it happened.
func TestCatch(t *testing.T) {
	err := func() (err error) {
		defer panics.Catch(&err)
		var g panics.Group
		g.Go(explode)
		panic(g.Wait())
	}()
	require.ErrorIs(t, err, errOwn)
	require.ErrorContains(t, err, "panics_test.explode")
}
