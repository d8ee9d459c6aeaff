package encode

import "github.com/spikelane/spikelane/tensor"

// ConstantCurrent codes pictures as a current that is the same at every step:
// pixel/255, as [steps, len(images), rows*cols]. Layers see that it repeats,
// and multiply it once. It panics if there are no steps or no images, if an
// image is not there, and if the current is over 1 GiB.
func ConstantCurrent(m *Images, images []int, steps int) *tensor.Tensor {
	n := m.Rows * m.Cols
	if bounded(floatBytes, steps, len(images), n) != nil {
		panic("encode: ConstantCurrent: no steps, no images, or too many")
	}
	for _, i := range images {
		if uint(i) >= uint(m.Count) {
			panic("encode: ConstantCurrent: image out of range")
		}
	}
	x := tensor.New(steps, len(images), n)
	for b, i := range images {
		for k, p := range m.Image(i) {
			x.Data[b*n+k] = float32(p) / 255
		}
	}
	for t := 1; t < steps; t++ {
		copy(x.Data[t*len(images)*n:], x.Data[:len(images)*n])
	}
	return x
}
