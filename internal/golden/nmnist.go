package golden

import (
	"fmt"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// nmnistNode is a layer of the convolutional network.
type nmnistNode struct {
	Node, Type   string
	Weight, Bias string // names of tensors
	Stride       [2]int
	Padding      [2]int
	Dilation     [2]int
	Groups       int
	Kernel       [2]int  `json:"kernel_size"`
	R            float32 `json:"r"`
	Threshold    float32 `json:"v_threshold"`
}

// NMNIST builds the convolutional network of the NIR paper from the case
// nmnist_cnn. Its layers have the names of its nodes: 0 to 12. The neurons
// reset as told; published is the reset to zero.
func (c *Case) NMNIST(reset snn.Reset) (*forward.Model, error) {
	var nodes []nmnistNode
	if err := c.Meta("layers", &nodes); err != nil {
		return nil, err
	}
	spec := forward.Spec{Inputs: []forward.Input{{Name: "input", Shape: tensor.Shape{2, 34, 34}}}}
	weights := map[string]*tensor.Tensor{}
	for _, n := range nodes {
		var out int
		for param, name := range map[string]string{"weight": n.Weight, "bias": n.Bias} {
			if name == "" {
				continue
			}
			w, err := c.Tensor(name)
			if err != nil {
				return nil, err
			}
			if len(w.Shape) == 0 {
				return nil, fmt.Errorf("golden: %w: %s is a number", ErrCase, name)
			}
			weights[n.Node+"."+param], out = w, w.Shape[0]
		}
		layer, err := n.layer(out, weights[n.Node+".weight"], reset)
		if err != nil {
			return nil, err
		}
		if layer != nil {
			spec.Layers = append(spec.Layers, forward.Node{Name: n.Node, Layer: layer})
		}
	}
	g, err := forward.New(spec)
	if err != nil {
		return nil, err
	}
	return g.Load(weights)
}

// layer is the node as a layer; the output node is none.
func (n nmnistNode) layer(out int, weight *tensor.Tensor, reset snn.Reset) (snn.Layer, error) {
	switch n.Type {
	case "Conv2d":
		if weight == nil || len(weight.Shape) != 4 {
			return nil, fmt.Errorf("golden: %w: node %s has no kernel", ErrCase, n.Node)
		}
		return snn.Conv2d{
			Out: out, Kernel: snn.Size{weight.Shape[2], weight.Shape[3]},
			Stride: n.Stride, Padding: n.Padding, Dilation: n.Dilation, Groups: n.Groups,
		}, nil
	case "Affine":
		return snn.Linear{Out: out}, nil
	case "SumPool2d":
		return snn.SumPool2d{Kernel: n.Kernel, Stride: n.Stride, Padding: n.Padding}, nil
	case "Flatten":
		return snn.Flatten{}, nil
	case "IF":
		return snn.IF{Gain: value(n.R), Threshold: value(n.Threshold), Strict: true, Reset: reset}, nil
	case "Output":
		return nil, nil
	}
	return nil, fmt.Errorf("golden: %w: node %s is of type %q", ErrCase, n.Node, n.Type)
}
