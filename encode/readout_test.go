package encode_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

// Scores are the same however many steps come at once.
func TestReadout(t *testing.T) {
	y := tensor.Of([]float32{0, 1, 0.5, 0, 3, 1, 0, 1, 0, 0, 2, 2}, 3, 1, 4)
	for over, want := range map[encode.Over][]float64{
		encode.OverMean:  {1, 2.0 / 3, 2.5 / 3, 1},
		encode.OverSum:   {3, 2, 2.5, 3},
		encode.OverMax:   {3, 1, 2, 2},
		encode.OverLast:  {0, 0, 2, 2},
		encode.OverFirst: {-1, 0, 0, -1},
	} {
		tally, err := encode.Readout{Over: over}.NewTally(4)
		require.NoError(t, err)
		for s := range 3 {
			require.NoError(t, tally.Add(tensor.Of(y.Data[s*4:s*4+4], 1, 1, 4)))
		}
		require.Equal(t, want, tally.Scores(), over)
		require.Equal(t, 3, tally.Steps())
	}
	tally, err := encode.Readout{Over: encode.OverSum, Neurons: 2}.NewTally(4)
	require.NoError(t, err)
	require.True(t, tally.Silent())
	require.NoError(t, tally.Add(y))
	require.Equal(t, []float64{5, 5.5}, tally.Scores())
	require.Equal(t, []float64{5, 5.5}, tally.Sums())
	require.Equal(t, []int{0, 0}, tally.First())
	require.False(t, tally.Silent())
}

// An output that is no number has no score; groups have to be whole.
func TestReadoutOfWhatIsWrong(t *testing.T) {
	nan := float32(math.NaN())
	for _, over := range []encode.Over{encode.OverMean, encode.OverSum, encode.OverMax, encode.OverFirst} {
		tally, err := encode.Readout{Over: over}.NewTally(2)
		require.NoError(t, err)
		require.NoError(t, tally.Add(tensor.Of([]float32{nan, 1, 2, 3}, 2, 1, 2)))
		require.True(t, math.IsNaN(tally.Scores()[0]), over)
		require.False(t, math.IsNaN(tally.Scores()[1]), over)
	}
	for _, r := range []encode.Readout{{Neurons: 3}, {Neurons: -1}, {Over: 9}} {
		_, err := r.NewTally(4)
		require.ErrorIs(t, err, encode.ErrRange)
	}
	tally, err := encode.Readout{}.NewTally(2)
	require.NoError(t, err)
	require.ErrorIs(t, tally.Add(tensor.New(1, 2, 2)), tensor.ErrShape)
	var o encode.Over
	require.ErrorIs(t, o.UnmarshalText([]byte("median")), encode.ErrRange)
	require.NoError(t, o.UnmarshalText([]byte("first")))
	require.Equal(t, encode.OverFirst, o)
	_, err = encode.Over(9).MarshalText()
	require.ErrorIs(t, err, encode.ErrRange)
}
