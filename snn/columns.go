package snn

import (
	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/simd"
)

// shareFrom is how many additions are worth sharing among goroutines: some
// 50 us of them, where to start and to wait for goroutines takes 5.
const shareFrom = 1 << 18

// stopCost is how many additions a product makes between two looks at whether
// it is still needed: some 5 to 20 ms of them.
const stopCost = 1 << 26

// inParts reports whether a product of so many additions is made in parts:
// because it is worth sharing, or because it would take too long to stop.
func inParts(additions int, scratch *Scratch) bool {
	return scratch.Workers > 1 && additions >= shareFrom || scratch.Stop != nil && additions > stopCost
}

// eachPart calls f for parts of the columns, with the first column of each, in
// several goroutines if that is worth it. Columns are sums of their own: nothing
// depends on who adds them up, or on where they are cut.
func eachPart(p *simd.Panels, additions int, scratch *Scratch, f func(part *simd.Panels, first int)) {
	stride, chunk := p.Stride(), p.Stride()
	if scratch.Stop != nil && additions > stopCost {
		chunk = wholePanels(stride / (additions/stopCost + 1))
	}
	some := func(from, to int) {
		for o := from; o < to && !scratch.stopped(); o += chunk {
			part := p.Columns(o, min(o+chunk, to, p.Out))
			f(&part, o)
		}
	}
	if scratch.Workers <= 1 || additions < shareFrom {
		some(0, stride)
		return
	}
	var group panics.Group
	each := wholePanels(stride / scratch.Workers)
	for o := 0; o < stride; o += each {
		group.Go(func() error {
			some(o, min(o+each, stride))
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		panic(err) // where the caller can recover it
	}
}

// wholePanels rounds a number of columns up to pairs of panels.
func wholePanels(columns int) int {
	const pair = 2 * simd.PanelWidth
	return max(1, (columns+pair-1)/pair) * pair
}
