package tensor

import "fmt"

// Events is a sparse signal. The events of row r = t*B+b are
// Index[Rows[r]:Rows[r+1]], strictly ascending, with their values beside them:
// events that fall on one feature in one step are merged into one value. A
// window of a longer signal shares its Index and Value.
type Events struct {
	T, B     int
	Features Shape
	Rows     []int // T*B+1 offsets into Index and Value
	Index    []int32
	Value    []float32
}

// NewEvents returns a signal of no steps yet. To fill it, append the events of
// one row after another to Index and Value, the end of each row to Rows, and
// count the steps in T.
func NewEvents(batch int, features ...int) *Events {
	return &Events{B: batch, Features: Shape(features), Rows: []int{0}}
}

// Kind returns [KindEvents].
func (e *Events) Kind() Kind { return KindEvents }

// Dims returns T, B and Features.
func (e *Events) Dims() (steps, batch int, features Shape) {
	if e == nil {
		return 0, 0, nil
	}
	return e.T, e.B, e.Features
}

// Row returns the events of sample b at step t. It panics if there is no such
// sample or step.
func (e *Events) Row(t, b int) (index []int32, value []float32) {
	checkPlace(t, b, e.T, e.B)
	lo, hi := e.Rows[t*e.B+b], e.Rows[t*e.B+b+1]
	return e.Index[lo:hi], e.Value[lo:hi]
}

// Dense returns the values as [T, B, features...].
func (e *Events) Dense() *Tensor {
	x := New(append(Shape{e.T, e.B}, e.Features...)...)
	n := e.Features.Size()
	for r := range e.T * e.B {
		for k := e.Rows[r]; k < e.Rows[r+1]; k++ {
			x.Data[r*n+int(e.Index[k])] = e.Value[k]
		}
	}
	return x
}

// Check reports offsets that do not ascend within Index and Value, and features
// that are out of range or not strictly ascending within a row, and a nil
// signal.
func (e *Events) Check() error {
	if e == nil {
		return fmt.Errorf("%w: nil events", ErrShape)
	}
	n, ok := e.Features.count()
	rows, fits := Shape{e.T, e.B}.count()
	if !ok || !fits || len(e.Rows)-1 != rows || e.Rows[0] < 0 || len(e.Index) != len(e.Value) {
		return fmt.Errorf("%w: events [%d %d] of %v with %d rows, %d indices, %d values",
			ErrShape, e.T, e.B, e.Features, len(e.Rows)-1, len(e.Index), len(e.Value))
	}
	for r := range rows {
		lo, hi := e.Rows[r], e.Rows[r+1]
		if lo > hi || hi > len(e.Index) {
			return fmt.Errorf("%w: events: the offsets of row %d run from %d to %d", ErrShape, r, lo, hi)
		}
		last := int32(-1)
		for _, i := range e.Index[lo:hi] {
			if i <= last || int(i) >= n {
				return fmt.Errorf("%w: events: row %d has feature %d after %d, of %d", ErrShape, r, i, last, n)
			}
			last = i
		}
	}
	return nil
}
