package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every kernel runs on what is prepared for it.
func TestEveryKernelRuns(t *testing.T) {
	require.NotEmpty(t, Generated)
	for _, k := range Generated {
		for _, n := range []int{64, 100} {
			require.NotPanics(t, k.Work(n, 3, true), k.Name)
		}
		require.Positive(t, k.Operations+len(k.Args), k.Name)
	}
	for _, k := range []Linear{Dense(9, 30, 20), Gather(20, 40, 70, 0.3, false), Gather(20, 40, 70, 0.3, true), Scatter(16), SumPool()} {
		require.NotPanics(t, k.Work, k.Name)
	}
}
