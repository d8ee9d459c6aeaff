package nir_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/slowtest"
	"github.com/spikelane/spikelane/snn"
)

// The published convolutional network classifies the recordings of N-MNIST as
// the NIR paper has it, under every way to step that it was run with, and not
// if x and y are exchanged.
func TestNMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	g, err := nir.ReadFile(shared.Path(t, "data", "nir", "cnn_sinabs.nir"))
	require.NoError(t, err)
	model := func(preset string, reset snn.Reset) *forward.Model {
		d, err := nir.As(preset, 0) // integrators ask for no time
		require.NoError(t, err)
		d.Reset = reset
		m, report, err := g.Model(d)
		require.NoError(t, err)
		require.True(t, report.Faithful(), report)
		return m
	}
	for _, c := range []struct {
		name   string
		m      *forward.Model
		swapXY bool
		low    int
		high   int
	}{
		{"reset to zero", model("nir", snn.ResetToZero), false, 100, 100},
		{"reset by subtraction", model("nir", snn.ResetSubtract), false, 98, 98},
		{"as sinabs, whose integrators have a floor", model("sinabs", snn.ResetSubtract), false, 96, 96},
		{"x and y exchanged", model("nir", snn.ResetToZero), true, 0, 19},
	} {
		t.Run(c.name, func(t *testing.T) {
			right := classified(t, c.m, "test100.txt", c.swapXY)
			t.Logf("%d of 100", right)
			require.GreaterOrEqual(t, right, c.low)
			require.LessOrEqual(t, right, c.high)
		})
	}
	t.Run("the training recordings", func(t *testing.T) {
		slowtest.Sweep(t)
		require.Equal(t, 982, classified(t, model("nir", snn.ResetToZero), "train1K.txt", false))
	})
}

// As sinabs is what sinabs 3.1.3 makes of the same file: these are the spikes of
// its output for three recordings.
func TestNMNISTAsSinabs(t *testing.T) {
	g, err := nir.ReadFile(shared.Path(t, "data", "nir", "cnn_sinabs.nir"))
	require.NoError(t, err)
	d, err := nir.As("sinabs", 1)
	require.NoError(t, err)
	m, _, err := g.Model(d)
	require.NoError(t, err)
	for name, foreign := range map[string][10]float32{
		"60001": {0, 306, 48, 7, 4, 15, 0, 1617, 1, 112},
		"60002": {33, 632, 1521, 14, 11, 2, 55, 19, 2, 0},
		"60003": {1, 765, 3, 2, 19, 4, 4, 23, 0, 3},
	} {
		require.Equal(t, foreign, counts(t, m, name, false), name)
	}
}

// classified counts the recordings of a list whose class spikes most.
func classified(t *testing.T, m *forward.Model, labels string, swapXY bool) (right int) {
	f, err := os.Open(shared.Path(t, "data", "nmnist", labels))
	require.NoError(t, err)
	defer f.Close()
	list, err := encode.ReadLabels(f)
	require.NoError(t, err)
	require.NotEmpty(t, list)
	for _, l := range list {
		n, best := counts(t, m, l.Name, swapXY), 0
		for i := range n {
			if n[i] > n[best] {
				best = i
			}
		}
		if best == l.Class && n[best] > 0 {
			right++
		}
	}
	return right
}

// counts are the spikes of each class over 300 ms of a recording.
func counts(t *testing.T, m *forward.Model, name string, swapXY bool) (n [10]float32) {
	sensor := events.Sensor{Width: 34, Height: 34}
	r, err := events.Open(shared.Path(t, "data", "nmnist", name+".bs2"), events.Options{Sensor: sensor})
	require.NoError(t, err)
	defer r.Close()
	b, err := encode.NewBinner(r.All(), encode.Binning{Sensor: sensor, Width: time.Millisecond, SwapXY: swapXY})
	require.NoError(t, err)
	defer b.Close()
	x, err := b.Next(300)
	require.NoError(t, err)
	y, err := m.Run(t.Context(), m.NewState(1), x)
	require.NoError(t, err)
	for i, v := range y.Dense().Data {
		n[i%10] += v
	}
	return n
}
