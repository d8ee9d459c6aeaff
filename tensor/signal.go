package tensor

// Kind says how a signal is stored.
type Kind uint8

// The kinds of signal.
const (
	KindDense  Kind = iota // a [Tensor]
	KindSpikes             // [Spikes]
	KindEvents             // [Events]
)

// String names the kind.
func (k Kind) String() string {
	switch k {
	case KindDense:
		return "dense"
	case KindSpikes:
		return "spikes"
	case KindEvents:
		return "events"
	}
	return "unknown kind"
}

// Signal is a sequence of T steps of B samples: a [*Tensor], [*Spikes] or
// [*Events]. No other type implements it.
type Signal interface {
	// Kind says which of the three it is.
	Kind() Kind
	// Dims returns the number of steps and samples, and the shape of the
	// features of one sample at one step.
	Dims() (steps, batch int, features Shape)
	// Dense returns the numbers as [T, B, features...]: the tensor itself if
	// the signal is dense, a new one otherwise.
	Dense() *Tensor
	// Check reports lengths that do not fit the dimensions, and contents that
	// break the rules of the kind.
	Check() error
}
