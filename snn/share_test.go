package snn

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/simd"
)

// A panic in a goroutine that takes a part of the columns comes to the caller,
// who can recover it.
func TestSharedPanic(t *testing.T) {
	p := simd.Pack(make([]float32, 200*3), 200, 3)
	err := func() (err error) {
		defer panics.Catch(&err)
		eachPart(p, shareFrom, &Scratch{Workers: 3}, func(part *simd.Panels, first int) {
			if first > 0 {
				panic("boom")
			}
		})
		return nil
	}()
	require.ErrorIs(t, err, panics.Err)
	require.ErrorContains(t, err, "TestSharedPanic")
}

// Parts cover all columns once, however they are cut, and end when nobody needs
// them.
func TestParts(t *testing.T) {
	stop := make(chan struct{})
	for _, out := range []int{1, 31, 64, 200, 1000} {
		p := simd.Pack(make([]float32, out*3), out, 3)
		for _, workers := range []int{1, 3} {
			for _, additions := range []int{shareFrom, 3 * stopCost, 20 * stopCost} {
				var mutex sync.Mutex
				times := make([]int, p.Stride())
				eachPart(p, additions, &Scratch{Workers: workers, Stop: stop}, func(part *simd.Panels, first int) {
					mutex.Lock()
					defer mutex.Unlock()
					for i := range part.Stride() {
						times[first+i]++
					}
				})
				require.Equal(t, slices.Repeat([]int{1}, p.Stride()), times, "%d columns, %d workers, %d additions", out, workers, additions)
			}
		}
	}
	close(stop)
	eachPart(simd.Pack(make([]float32, 3), 1, 3), stopCost+1, &Scratch{Stop: stop}, func(*simd.Panels, int) { t.Error("it has run") })
}
