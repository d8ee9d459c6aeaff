package dataset_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/tensor"
)

// Files of h5py: many recordings with classes and speakers, and one recording.
func TestHDF5(t *testing.T) {
	dir := t.TempDir()
	python.Run(t, filepath.Join("..", "format", "events", "testdata", "write.py"), filepath.Join(dir, "out.json"))
	s, err := dataset.Open(filepath.Join(dir, "spikes.h5"), dataset.Options{})
	require.NoError(t, err)
	require.Equal(t, 30, s.Len())
	require.Equal(t, []int{15, 15}, s.Counts())
	require.Equal(t, []string{"low", "high"}, s.Input().Classes)
	require.Equal(t, []string{"0", "1", "2", "3", "4"}, s.Groups())
	_, held, err := s.HoldOutGroups("4")
	require.NoError(t, err)
	require.Equal(t, 6, held.Len())
	b, err := s.Batch([]int{0, 1}, 0)
	require.NoError(t, err)
	x := b.Inputs[0].(*tensor.Events)
	require.NoError(t, x.Check())
	require.Equal(t, tensor.Shape{1, 1, 700}, x.Features)
	require.Greater(t, len(x.Index), 30)
	for step := range x.T {
		low, _ := x.Row(step, 0)
		for _, i := range low {
			require.Less(t, i, int32(350))
		}
	}
	one, err := dataset.Open(filepath.Join(dir, "group.h5"), dataset.Options{Read: sensor(300, 200)})
	require.NoError(t, err)
	require.Equal(t, 1, one.Len())
	require.False(t, one.Labelled())
}
