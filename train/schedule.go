package train

import (
	"errors"
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/internal/panics"
)

// Schedule is what the learning rate is multiplied by at a step, counted from
// 0, of so many in all. A factor that is negative or not finite is an error of
// the step.
//
// One that was made with options out of range panics with an error, which
// [New] returns.
type Schedule func(step, steps int) float64

// Constant is 1.
func Constant(int, int) float64 { return 1 }

// Cosine rises from 0 over a share of the steps, and then falls to last, a
// share of the rate, along a cosine (Loshchilov and Hutter 2017). Both are from
// 0 to 1.
func Cosine(warmup, last float64) Schedule {
	warmup, last = or(warmup, 0), or(last, 0)
	if err := firstOf(share.check("Cosine", "warmup", warmup), share.check("Cosine", "last", last)); err != nil {
		return refuse(err)
	}
	return func(step, steps int) float64 {
		at, rise := float64(step)+1, float64(warmup*float64(steps))
		if at < rise {
			return at / rise
		}
		share := min(1, (at-rise)/max(1, float64(steps)-rise))
		return last + float64((1-last)*(0.5+float64(0.5*detmath.Cos(math.Pi*share))))
	}
}

// Halving multiplies by factor, above 0 and at most 1, after every so many
// steps, at least 1: PyTorch's StepLR.
func Halving(every int, factor float64) Schedule {
	if err := firstOf(least("Halving", "every", every, 1), falling.check("Halving", "factor", factor)); err != nil {
		return refuse(err)
	}
	return func(step, _ int) float64 { return detmath.Pow(factor, float64(step/every)) }
}

// refuse is a schedule that was made with options out of range.
func refuse(err error) Schedule {
	return func(int, int) float64 { panic(refused{err}) }
}

// refused is what it panics with.
type refused struct{ error }

// at is the factor at a step.
func (s Schedule) at(step, steps int) (factor float64, err error) {
	factor, err = s.call(step, steps)
	var options refused
	if errors.As(err, &options) {
		return 0, options.error
	}
	if err != nil {
		return 0, fmt.Errorf("train: the schedule: %w", err)
	}
	return factor, amount.check("the schedule", "its factor", factor)
}

func (s Schedule) call(step, steps int) (factor float64, err error) {
	defer panics.Catch(&err)
	return s(step, steps), nil
}
