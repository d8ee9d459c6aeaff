package forward

import (
	"errors"
	"fmt"
	"math"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// ErrLimit is wrapped by errors about networks that ask for more memory than
// [Limits] allow.
var ErrLimit = errors.New("too large")

// Limits bound the memory that a network may ask for, in bytes: a description
// of some hundred bytes can ask for any amount. They are looked at before
// anything is allocated. A field that is zero stands for its default, 4 GiB.
// No more is ever allowed than an int counts, 2 GiB on a machine of 32 bits.
type Limits struct {
	Parameters int64 // of all layers together
	State      int64 // of one [State], with all its samples
	Outputs    int64 // of what one run returns
}

const defaultLimit = 4 << 30

// WithLimits returns the same graph with other limits, for its models, too.
func (g *Graph) WithLimits(l Limits) *Graph {
	other := *g
	other.limits = l
	return &other
}

// Limit sets other limits than those of the graph.
func Limit(l Limits) Option { return func(o *options) { o.limits = l } }

// within reports that more bytes of something are asked for than allowed.
func within(what string, bytes, limit int64) error {
	if limit == 0 {
		limit = defaultLimit
	}
	limit = min(limit, math.MaxInt-1) // what an int cannot count has the largest
	if bytes > limit {
		return fmt.Errorf("%w: %s would take %d bytes, the limit is %d: see Limits", ErrLimit, what, bytes, limit)
	}
	return nil
}

// times multiplies counts, and plus adds them; what is too large is the largest
// number.
func times(a, b int64) int64 {
	if b != 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}

func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// CheckLimits reports the first layer with which new weights, or a state of one
// sample, would take more memory than the limits of the graph allow: a graph
// from somebody else is refused before anything is made of it.
func (g *Graph) CheckLimits() error {
	var parameters, state int64
	for i := range g.nodes {
		parameters, state = plus(parameters, g.parameterBytesOf(i)), plus(state, g.stateBytesOf(i))
		if err := errors.Join(within("the parameters", parameters, g.limits.Parameters), within("a state of 1 sample", state, g.limits.State)); err != nil {
			return g.errorAt(i, err)
		}
	}
	return nil
}

// parameterBytes is how much memory new weights take.
func (g *Graph) parameterBytes() (total int64) {
	for i := range g.nodes {
		total = plus(total, g.parameterBytesOf(i))
	}
	return total
}

func (g *Graph) parameterBytesOf(i int) (total int64) {
	for _, p := range g.nodes[i].plan.Params {
		total = plus(total, times(4, int64(p.Shape.Size())))
	}
	return total
}

// stateBytes is how much memory a state of one sample takes, and its binary
// form beside its header.
func (g *Graph) stateBytes() (total int64) {
	for i := range g.nodes {
		total = plus(total, g.stateBytesOf(i))
	}
	return total
}

func (g *Graph) stateBytesOf(i int) int64 {
	n := g.nodes[i]
	return plus(times(4, int64(n.plan.State)), times(int64(n.history), rowBytes(g.remembers(i), n.plan)))
}

// rowBytes is how much memory a sample of a layer's output takes at one step.
func rowBytes(kind tensor.Kind, p *snn.Plan) int64 {
	if kind == tensor.KindSpikes {
		return 8 * int64(tensor.Words(p.Out.Size()))
	}
	return 4 * int64(p.Out.Size())
}
