package simd

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Patches of more weights than one call adds, between small ones, are added in
// order, row by row.
func TestScatterLargePatches(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(21)
		const plane, out = 300, 19
		for _, kernel := range [][2]int{{120, 90}, {2, callTaps + 50}} {
			in := kernel[0] * kernel[1]
			width := max(plane, kernel[1]+10)
			positions := (kernel[0] + 10) * width
			w := numbers(r, out*in)
			p := Pack(w, out, in)
			patches := []Patch{{Rows: 1, Cols: 2, Value: 2}, {Out: int32(3*width + 5), Rows: int32(kernel[0]), Cols: int32(kernel[1]), Value: 0.5}, {Rows: 0}, {Out: 7, Rows: 2, Cols: 1, Value: -1}}
			for range 60 {
				patches = append(patches, Patch{Out: 9, Rows: 2, Cols: 60, Value: 0.25})
			}
			s := Steps{WeightRow: kernel[1], WeightCol: 1, OutRow: width, OutCol: 1}
			acc := numbers(r, positions*p.Stride())
			want := append([]float32{}, acc...)
			for i := range p.panels() {
				panel, n := p.panel(i)
				scatterGeneric(want[i*PanelWidth*positions:], panel, n, patches, s)
			}
			p.Scatter(acc, positions, patches, s)
			requireSame(t, want, acc, "kernel %v", kernel)
		}
	})
}

// A row of more words than one call lists is listed in parts.
func TestListLongRows(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		const words, many = 2*callWords + 100, 3
		r := random(22)
		set := make([]uint64, many*words)
		for i := range set {
			if set[i] = r.Uint64() & r.Uint64(); i%7 == 0 {
				set[i] = 0
			}
		}
		want, wantRows := make([]int32, 64*len(set)), make([]int, many+1)
		wantRows[0] = 5
		listRowsGeneric(want, wantRows, set, words)
		got, rows := make([]int32, len(want)+ListRoom), make([]int, many+1)
		rows[0] = 5
		ListRows(got, rows, set, words)
		require.Equal(t, wantRows, rows)
		require.Equal(t, want[5:wantRows[many]], got[5:rows[many]])
	})
}

// Rows of a gather without any input are split, too, and long rows continue.
func TestGatherSplits(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(23)
		const in, out = 500, 2*PanelWidth + 13
		p := Pack(numbers(r, out*in), out, in)
		bias := p.Pad(numbers(r, out))
		rows, index := []int{0}, []int32{}
		for row := range 3 * callRows {
			active := 0
			switch {
			case row%100 == 0:
				active = row % in
			case row == 7:
				active = in
			}
			for k := range active {
				index = append(index, int32(k))
			}
			rows = append(rows, len(index))
		}
		n, stride := len(rows)-1, p.Stride()
		got, want := make([]float32, n*stride), make([]float32, n*stride)
		p.Gather(got, stride, bias, 0, rows, index, nil, 0)
		for i := range p.panels() {
			w, width := p.panel(i)
			gatherGeneric(want[i*PanelWidth:], bias[i*PanelWidth:], w, width, rows, index, nil, stride, 0)
		}
		requireSame(t, want, got, "gather")
	})
}

// Windows of more numbers than assembly sums have the sums of pure Go.
func TestSumPoolLargeWindows(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		const height, width, outputs = 130, callWindow/130 + 1, 17
		x := numbers(random(24), height*(width+2*outputs))
		got, want := make([]float32, outputs), make([]float32, outputs)
		SumPool(got, x, 1, height, width, width+2*outputs)
		for o := range want {
			for i := range height {
				for j := range width {
					want[o] += x[i*(width+2*outputs)+o+j]
				}
			}
		}
		requireSame(t, want, got, "large windows")
	})
}
