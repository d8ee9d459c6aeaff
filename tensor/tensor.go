package tensor

import "fmt"

// Tensor is a dense float32 array, row-major. As a signal its shape is
// [T, B, features...].
type Tensor struct {
	Shape Shape
	Data  []float32
}

// New returns a tensor of zeros. It panics if a dimension is negative, or if
// there are too many elements to count.
func New(shape ...int) *Tensor {
	n, ok := Shape(shape).count()
	if !ok {
		panic("tensor: a shape that cannot be")
	}
	return &Tensor{Shape: shape, Data: make([]float32, n)}
}

// Of returns a tensor of the given shape over data, which it keeps.
func Of(data []float32, shape ...int) *Tensor {
	return &Tensor{Shape: Shape(shape), Data: data}
}

// Kind returns [KindDense].
func (x *Tensor) Kind() Kind { return KindDense }

// Dims splits the shape into steps, samples and features.
func (x *Tensor) Dims() (steps, batch int, features Shape) {
	if x == nil || len(x.Shape) < 2 {
		return 0, 0, nil
	}
	return x.Shape[0], x.Shape[1], x.Shape[2:]
}

// Dense returns x itself.
func (x *Tensor) Dense() *Tensor { return x }

// Check reports data whose length is not the size of the shape, and a nil
// tensor.
func (x *Tensor) Check() error {
	if x == nil {
		return fmt.Errorf("%w: a nil tensor", ErrShape)
	}
	if n, ok := x.Shape.count(); !ok || len(x.Data) != n {
		return fmt.Errorf("%w: tensor of shape %v holds %d numbers", ErrShape, x.Shape, len(x.Data))
	}
	return nil
}

// Clone returns a copy that shares nothing with x.
func (x *Tensor) Clone() *Tensor {
	return &Tensor{Shape: append(Shape(nil), x.Shape...), Data: append([]float32(nil), x.Data...)}
}
