package train

import (
	"context"
	"fmt"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/snn"
)

// Result is what came of judging a model.
type Result struct {
	Samples   int
	Correct   int
	Undecided int     // samples without a class: an output is NaN; they are wrong
	Tied      int     // samples whose best score several classes share, as those of silent outputs do: the first is the answer
	Loss      float64 // mean
	// Confusion is how many samples of each class, the first index, got each
	// answer, the second. Undecided samples, and those whose targets are
	// numbers, are not in it.
	Confusion [][]int

	undecided int // the first
}

// Accuracy is the share of the samples whose class is found.
func (r Result) Accuracy() float64 { return float64(r.Correct) / float64(r.Samples) }

// Evaluate runs a model over a source and returns the share of the samples
// whose class it finds, and the mean loss.
//
// Samples whose outputs are NaN have no class. They count as wrong, and an
// error that wraps [ErrNotFinite] says how many there are, beside the numbers;
// [Judge] counts them without an error.
func Evaluate(ctx context.Context, m *forward.Model, loss Loss, source Source, batch int) (accuracy, mean float64, err error) {
	r, err := Judge(ctx, m, loss, source, batch)
	if err != nil {
		return 0, 0, err
	}
	if r.Undecided > 0 {
		err = fmt.Errorf("train: %d of %d samples have no class, sample %d is the first: their outputs are %w", r.Undecided, r.Samples, r.undecided, ErrNotFinite)
	}
	return r.Accuracy(), r.Loss, err
}

// Judge runs a model over a source, batch after batch.
func Judge(ctx context.Context, m *forward.Model, loss Loss, source Source, batch int) (r Result, err error) {
	defer panics.Catch(&err)
	if m == nil || loss == nil {
		return r, fmt.Errorf("train: %w: there is no model or no loss", snn.ErrOption)
	}
	if err := firstOf(check(loss), least("Judge", "batch", batch, 1)); err != nil {
		return r, err
	}
	r.Samples, err = count(source)
	if err != nil {
		return r, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for next := range ahead(ctx, inOrder(source, r.Samples, batch)) {
		if next.err == nil {
			next.err = r.add(ctx, m, loss, next.batch, next.place)
		}
		if next.err != nil {
			return Result{}, next.err
		}
	}
	return r, ctx.Err()
}

// inOrder makes the batches of a source, to be judged.
func inOrder(source Source, n, batch int) func() (made, bool) {
	place := 0
	return func() (made, bool) {
		if place >= n {
			return made{}, false
		}
		m := made{place: place}
		places := make([]int, min(batch, n-place))
		for i := range places {
			places[i] = place + i
		}
		place += len(places)
		m.batch, m.err = fetch(source, places, -1)
		return m, true
	}
}

// add judges a batch, whose first sample is at some place of the source.
func (r *Result) add(ctx context.Context, m *forward.Model, loss Loss, b Batch, place int) error {
	_, samples, err := b.dims()
	if err != nil {
		return err
	}
	state, err := m.StateFor(samples)
	if err != nil {
		return err
	}
	out, err := m.Run(ctx, state, b.Inputs...)
	if err != nil {
		return err
	}
	y := out.Dense()
	steps := y.Shape[0]
	_, err = EachSample(y, func(k int, y, g []float32) error {
		l, err := loss.Sample(y, g, steps, b.Targets[k], 1)
		a, bad := judged(loss, y, steps, b.Targets[k])
		if err := firstOf(err, bad); err != nil {
			return fmt.Errorf("%w, in sample %d", err, place+k)
		}
		if !a.decided && r.Undecided == 0 {
			r.undecided = place + k
		}
		if !a.decided {
			r.Undecided++
		}
		a.count(&r.Correct, &r.Tied)
		r.confuse(b.Targets[k], a)
		r.Loss += l / float64(r.Samples)
		return nil
	})
	return err
}

// confuse adds an answer to the table.
func (r *Result) confuse(target Target, a answer) {
	if target.Values != nil || !a.decided {
		return
	}
	for len(r.Confusion) < a.classes {
		r.Confusion = append(r.Confusion, make([]int, a.classes))
	}
	r.Confusion[target.Class][a.best]++
}

// answer is what a sample's scores say.
type answer struct {
	right, tied, decided bool
	best, classes        int
}

func (a answer) count(right, tied *int) {
	if a.right {
		*right++
	}
	if a.tied {
		*tied++
	}
}

// judged compares the class of a sample with the target's, which must be there
// unless the target is numbers.
func judged(loss Loss, y []float32, steps int, target Target) (answer, error) {
	scores := loss.Scores(y, steps)
	if target.Values == nil {
		if err := checkClass(target.Class, len(scores)); err != nil {
			return answer{}, err
		}
	}
	best := Best(scores)
	return answer{best >= 0 && best == target.Class, Tied(scores), best >= 0, best, len(scores)}, nil
}
