package snn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/snn"
)

// Files of before have some options under other names.
func TestFormerNamesOfOptions(t *testing.T) {
	l, err := snn.Unmarshal("LIF", []byte(`{"normalised": true, "several": true, "most": 3, "synapse": {"decay": 0.5, "normalised": true}}`))
	require.NoError(t, err)
	require.Equal(t, snn.LIF{Normalized: true, MultiSpike: true, MaxSpikes: 3, Synapse: snn.Synapse{Decay: 0.5, Normalized: true}}, l)
	for _, wrong := range []string{`{"most": 3, "max_spikes": 3}`, `{"synapse": {"most": 3}}`, `{"many": true}`, `[]`, `{`} {
		_, err = snn.Unmarshal("LIF", []byte(wrong))
		require.ErrorIs(t, err, snn.ErrOption, wrong)
	}
	_, err = snn.Unmarshal("Linear", []byte(`{"out": 3, "several": true}`))
	require.ErrorContains(t, err, "multi_spike")
}
