package microcode

import (
	"math"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/simd"
)

// arrays says where the operands of a program are: in panels, among constants,
// or in streams. Temporaries come between constants and streams.
type arrays struct {
	kernel    simd.Kernel
	constants []float32
	panel     map[string]int // place of a state, parameter or sum
	stream    map[string]int // place among the arrays of the streams
	constant  map[uint32]int
}

// arrange counts the arrays of a pass. Streams are in the order of the kernel's
// arguments, all traces one of them, as those of compiled kernels are.
func arrange(p *equation.Program, inputs, outputs []string) *arrays {
	a := &arrays{panel: map[string]int{}, stream: map[string]int{}, constant: map[uint32]int{}}
	k, trace, next := p.Kernel, -1, 0
	for _, kind := range []equation.ArgKind{equation.ArgState, equation.ArgParam, equation.ArgSum} {
		for _, arg := range k.Args() {
			if arg.Kind != kind {
				continue
			}
			a.panel[arg.Name] = len(a.panel)
			switch kind {
			case equation.ArgState:
				a.kernel.States++
			case equation.ArgParam:
				a.kernel.Params++
			default:
				a.kernel.Sums++
			}
		}
	}
	for _, arg := range k.Args() {
		if _, ok := a.panel[arg.Name]; ok {
			continue
		}
		a.stream[arg.Name] = next
		next++
		if arg.Kind == equation.ArgTrace && trace >= 0 {
			a.kernel.Streams[trace].Arrays++ // traces follow each other
			continue
		} else if arg.Kind == equation.ArgTrace {
			trace = len(a.kernel.Streams)
		}
		a.kernel.Streams = append(a.kernel.Streams, kindOf(k, arg, inputs, outputs))
	}
	for _, v := range p.Values {
		if v.Op == equation.OpConst {
			bits := math.Float32bits(v.Const)
			if _, ok := a.constant[bits]; !ok {
				a.constant[bits] = len(a.constants)
				a.constants = append(a.constants, v.Const)
			}
		}
	}
	return a
}

// kindOf is what a stream of a pass holds, of a neuron with these inputs and
// outputs.
func kindOf(k *equation.Kernel, a equation.Arg, inputs, outputs []string) simd.Kind {
	of := func(role simd.Role, names []string, name string) simd.Kind {
		return simd.Kind{Role: role, Arrays: 1, Index: max(0, slices.Index(names, name))}
	}
	gradient := strings.TrimPrefix(a.Name, equation.GradientOf(""))
	switch {
	case a.Kind == equation.ArgTrace:
		return of(simd.RoleTrace, nil, "")
	case a.Kind == equation.ArgDistance:
		return of(simd.RoleDistance, nil, "")
	case a.Kind == equation.ArgBitsOut:
		return of(simd.RoleSpikes, outputs, a.Name)
	case a.Kind == equation.ArgOutput && k.Back:
		return of(simd.RoleInputGradient, inputs, gradient)
	case a.Kind == equation.ArgOutput:
		return of(simd.RoleOutput, outputs, a.Name)
	case a.Name == equation.SurrogateGrad:
		return of(simd.RoleSurrogateGrad, nil, "")
	case k.Back && equation.IsGradient(a.Name):
		return of(simd.RoleOutputGradient, outputs, gradient)
	}
	return of(simd.RoleInput, inputs, a.Name)
}
