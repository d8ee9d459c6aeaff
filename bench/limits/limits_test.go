package limits

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Every stream reads the arrays that it says and writes the others: what comes
// out is the last one that was read.
func TestStreamsMoveEverything(t *testing.T) {
	if !Available() {
		t.Skip("there is no AVX2 or NEON in this build")
	}
	for reads := 1; reads <= MaxReads; reads++ {
		for writes := range MaxWrites + 1 {
			s := NewStream(reads, writes, 3*callNumbers*4)
			last := s.arrays[reads-1]
			for i := range last {
				last[i] = float32(i)
			}
			for w := range writes {
				clear(s.arrays[MaxReads+w])
			}
			s.Move()
			for w := range writes {
				require.Equal(t, last, s.arrays[MaxReads+w], "%d read, %d written", reads, writes)
			}
		}
	}
}

func TestLimitsArePositive(t *testing.T) {
	if !Available() {
		t.Skip("there is no AVX2 or NEON in this build")
	}
	fmaSIMD(10)
	require.Positive(t, float64(NewStream(1, 0, 1<<14).Time(time.Microsecond)))
	sizes := Caches()
	require.Len(t, sizes, 3)
	for i, v := range Levels() {
		require.Positive(t, v.Set, v.Name)
		if i < len(sizes) {
			require.Equal(t, sizes[i], v.Size)
		}
	}
	l := Limits{Levels: Levels()}
	require.Equal(t, 0, l.LevelOf(1))
	require.Equal(t, len(l.Levels)-1, l.LevelOf(math.MaxInt))
}
