package forward

// span is some steps of some samples: of a sequence and its batch, or, within
// an executor, of the block and the tile that are at work.
type span struct{ at, steps, first, samples int }

// rows is how many rows a signal of these steps and samples has.
func (s span) rows() int { return s.steps * s.samples }

// piece is some steps of the span, counted from its own first.
func (s span) piece(at, steps int) span {
	return span{at: at, steps: steps, first: s.first, samples: s.samples}
}
