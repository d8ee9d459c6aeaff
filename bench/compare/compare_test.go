package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/bench/work"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/tensor"
)

// Of a framework's modes the one with the smallest ratio is shown, and of all
// frameworks the fastest.
func TestTableShowsTheFastest(t *testing.T) {
	r := row{comparison: comparison{name: "work", threads: 2, unit: "ms"}}
	for _, m := range []struct {
		framework, mode string
		foreign         time.Duration
	}{{"a", "slow", 90}, {"a", "quick", 40}, {"b", "only", 60}} {
		r.results = append(r.results, result{cell{Framework: m.framework, Mode: m.mode}, m.foreign * time.Millisecond, 10 * time.Millisecond, 1})
	}
	text := table([]row{r}, "avx2", "versions")
	require.Contains(t, text, "| work | 2 | 10 ms | **4.0 times**: a, quick, 40 ms | 4.0 | 6.0 |")
	require.Contains(t, text, "versions, held to AVX2")
}

func TestInsertReplacesOnlyTheTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(path, []byte("before\n<!-- compare -->\nold\n<!-- end of compare -->\nafter\n"), 0o644))
	require.NoError(t, insert(path, "new\n"))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "before\n<!-- compare -->\nnew\n<!-- end of compare -->\nafter\n", string(text))
	require.NoError(t, os.WriteFile(path, []byte("nothing"), 0o644))
	require.Error(t, insert(path, "new\n"))
}

// Works of ours that meet the same work of theirs run beside each other.
func TestGrouped(t *testing.T) {
	groups := grouped(comparisons(2), regexp.MustCompile("batch 256"))
	require.Len(t, groups[0], 3)
	for _, g := range groups {
		for _, c := range g {
			_, err := regexp.Compile(c.only)
			require.NotEmpty(t, c.name)
			if c.workload != "W2" { // Python's expressions look ahead
				require.NoError(t, err)
			}
		}
	}
}

// Who gets our input must fire as often as ours; who has another, need not.
func TestOthersFireAsOften(t *testing.T) {
	native := &work.Work{Spikes: 7}
	given := comparison{name: "given", input: func() *tensor.Tensor { return tensor.New(2, 3) }}
	require.NoError(t, given.same(native, cell{Spikes: 7}))
	require.ErrorContains(t, given.same(native, cell{Framework: "torch", Mode: "compiled", Spikes: 6}), "torch, compiled, fires 6 times, ours 7 times")
	require.NoError(t, comparison{}.same(native, cell{}))
	path, remove, err := given.save()
	require.NoError(t, err)
	a, err := npy.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, tensor.Shape{2, 3}, a.Shape)
	remove()
	require.NoFileExists(t, path)
	path, remove, err = comparison{}.save()
	require.NoError(t, err)
	require.Empty(t, path)
	remove()
}

// Text neurons are compared with the same input on both sides, and the two
// comparisons do not take each other's modes.
func TestTextNeurons(t *testing.T) {
	list := grouped(comparisons(2), regexp.MustCompile("^text neurons"))
	require.Len(t, list, 2)
	for i, mode := range []string{"W8 fwd eager", "W8 fwd+bwd compile"} {
		c := list[i][0]
		require.NotNil(t, c.input)
		require.EqualValues(t, 1.5, c.goal)
		for k, other := range []string{mode, []string{"W8 fwd+bwd compile", "W8 fwd eager"}[i]} {
			require.Equal(t, k == 0, regexp.MustCompile(c.only).MatchString(other), other)
		}
	}
}
