package tensor

import "fmt"

// Tensor is a dense float32 array, row-major. As a signal its shape is
// [T, B, features...].
type Tensor struct {
	Shape Shape
	Data  []float32
}

// New returns a tensor of zeros.
func New(shape ...int) *Tensor {
	s := Shape(shape)
	return &Tensor{Shape: s, Data: make([]float32, s.Size())}
}

// Of returns a tensor of the given shape over data, which it keeps.
func Of(data []float32, shape ...int) *Tensor {
	return &Tensor{Shape: Shape(shape), Data: data}
}

// Kind returns [KindDense].
func (x *Tensor) Kind() Kind { return KindDense }

// Dims splits the shape into steps, samples and features.
func (x *Tensor) Dims() (steps, batch int, features Shape) {
	if len(x.Shape) < 2 {
		return 0, 0, nil
	}
	return x.Shape[0], x.Shape[1], x.Shape[2:]
}

// Dense returns x itself.
func (x *Tensor) Dense() *Tensor { return x }

// Check reports data whose length is not the size of the shape.
func (x *Tensor) Check() error {
	for _, d := range x.Shape {
		if d < 0 {
			return fmt.Errorf("%w: tensor of shape %v", ErrShape, x.Shape)
		}
	}
	if len(x.Data) != x.Shape.Size() {
		return fmt.Errorf("%w: tensor of shape %v holds %d numbers", ErrShape, x.Shape, len(x.Data))
	}
	return nil
}

// Clone returns a copy that shares nothing with x.
func (x *Tensor) Clone() *Tensor {
	return &Tensor{Shape: append(Shape(nil), x.Shape...), Data: append([]float32(nil), x.Data...)}
}
