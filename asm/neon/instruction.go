package neon

import (
	"fmt"

	"github.com/spikelane/spikelane/equation"
)

// instruction writes one half of an operation: d = op of the arguments x, y, z.
func (b *body) instruction(v equation.Value, d, x, y, z V) {
	switch v.Op {
	case equation.OpAdd:
		b.Three(FADD, d, x, y)
	case equation.OpSub:
		b.Three(FSUB, d, x, y)
	case equation.OpMul:
		b.Three(FMUL, d, x, y)
	case equation.OpDiv:
		b.Three(FDIV, d, x, y)
	case equation.OpAbs:
		b.Two(FABS, d, x)
	case equation.OpSqrt:
		b.Two(FSQRT, d, x)
	case equation.OpFloor:
		b.Two(FRINTM, d, x)
	case equation.OpShl23:
		b.I("VSHL", Imm(23), x.S4(), d.S4())
	case equation.OpEQ:
		b.Three(FCMEQ, d, x, y)
	case equation.OpGE:
		b.Three(FCMGE, d, x, y)
	case equation.OpGT:
		b.Three(FCMGT, d, x, y)
	case equation.OpAnd:
		b.I("VAND", y.B16(), x.B16(), d.B16())
	case equation.OpOr:
		b.I("VORR", y.B16(), x.B16(), d.B16())
	case equation.OpNot:
		b.Two(MVN, d, x)
	case equation.OpSelect:
		b.choose(v, d, x, y, z)
	default:
		panic(fmt.Sprintf("neon: operation %d has no instruction", v.Op))
	}
}

// choose writes d = m ? x : y. The instructions overwrite one of the three.
func (b *body) choose(v equation.Value, d, m, x, y V) {
	switch {
	case b.p.IsZero(v.Args[2]):
		b.I("VAND", m.B16(), x.B16(), d.B16())
	case b.p.IsZero(v.Args[1]):
		b.Three(BIC, d, y, m)
	case d == x:
		b.I("VBIF", m.B16(), y.B16(), d.B16())
	case d == y:
		b.I("VBIT", m.B16(), x.B16(), d.B16())
	default:
		if d != m {
			b.I("VMOV", m.B16(), d.B16())
		}
		b.I("VBSL", y.B16(), x.B16(), d.B16())
	}
}
