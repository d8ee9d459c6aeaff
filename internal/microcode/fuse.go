package microcode

import (
	"fmt"

	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/simd"
)

var plain = map[equation.Op]simd.Op{
	equation.OpAdd: simd.OpAdd, equation.OpSub: simd.OpSub, equation.OpMul: simd.OpMul, equation.OpDiv: simd.OpDiv,
	equation.OpAbs: simd.OpAbs, equation.OpSqrt: simd.OpSqrt, equation.OpFloor: simd.OpFloor,
	equation.OpExp: simd.OpExp, equation.OpLog: simd.OpLog,
	equation.OpGE: simd.OpGe, equation.OpGT: simd.OpGt, equation.OpEQ: simd.OpEq,
	equation.OpAnd: simd.OpAnd, equation.OpOr: simd.OpOr, equation.OpNot: simd.OpNot,
}

// pair is an instruction that does two operations: the inner one, of a and b,
// and the outer one, of that and c. Addition and multiplication take their
// operands in any order.
type pair struct {
	outer, inner equation.Op
	side         int // operand of the outer operation that the inner one is; -1 for either
	op           simd.Op
}

var pairs = []pair{
	{equation.OpAdd, equation.OpMul, -1, simd.OpMulAdd},
	{equation.OpSub, equation.OpMul, 0, simd.OpMulSub},
	{equation.OpSub, equation.OpMul, 1, simd.OpSubMul},
	{equation.OpAdd, equation.OpSelect, -1, simd.OpAddKeep},
	{equation.OpSub, equation.OpSelect, 1, simd.OpSubKeep},
	{equation.OpMul, equation.OpMul, -1, simd.OpMulMul},
	{equation.OpMul, equation.OpAdd, -1, simd.OpAddMul},
	{equation.OpMul, equation.OpSub, -1, simd.OpDiffMul},
	{equation.OpAdd, equation.OpAdd, -1, simd.OpAddAdd},
	{equation.OpAdd, equation.OpSub, -1, simd.OpDiffAdd},
}

// instruction is that of value i. alone reports values that nobody else uses.
func (c *code) instruction(i int, alone func(j int) bool) step {
	v := c.p.Values[i]
	of := func(values ...int) []where {
		var list []where
		for _, a := range values {
			list = append(list, where(a))
		}
		return list
	}
	if v.Op == equation.OpAdd && v.Args[0] != v.Args[1] {
		x, y := c.p.Values[v.Args[0]], c.p.Values[v.Args[1]]
		if x.Op == equation.OpMul && y.Op == equation.OpMul && alone(v.Args[0]) && alone(v.Args[1]) {
			c.fused[v.Args[0]], c.fused[v.Args[1]] = true, true
			return step{simd.OpMulMulAdd, where(i), of(x.Args[0], x.Args[1], y.Args[0], y.Args[1])}
		}
	}
	for _, q := range pairs {
		if v.Op != q.outer {
			continue
		}
		for side, j := range v.Args {
			inner := c.p.Values[j]
			if inner.Op != q.inner || !alone(j) || q.side >= 0 && side != q.side || v.Args[0] == v.Args[1] {
				continue
			}
			args := inner.Args
			if inner.Op == equation.OpSelect {
				if !c.p.IsZero(args[2]) || c.extreme(j) != 0 {
					continue
				}
				args = args[:2]
			}
			c.fused[j] = true
			return step{q.op, where(i), of(args[0], args[1], v.Args[1-side])}
		}
	}
	if v.Op == equation.OpSelect {
		switch e := c.extreme(i); {
		case e != 0:
			return step{e, where(i), of(v.Args[1], v.Args[2])}
		case c.p.IsZero(v.Args[2]):
			return step{simd.OpKeep, where(i), of(v.Args[0], v.Args[1])}
		case c.p.IsZero(v.Args[1]):
			return step{simd.OpDrop, where(i), of(v.Args[0], v.Args[2])}
		}
		return step{simd.OpSelect, where(i), of(v.Args...)}
	}
	op, ok := plain[v.Op]
	if !ok {
		panic(fmt.Sprintf("microcode: operation %d has no instruction", v.Op))
	}
	return step{op, where(i), of(v.Args...)}
}

// extreme is the operation of a > b ? a : b or b > a ? a : b, or else 0, which is
// no choice.
func (c *code) extreme(i int) simd.Op {
	v := c.p.Values[i]
	m := c.p.Values[v.Args[0]]
	if m.Op != equation.OpGT {
		return 0
	}
	switch {
	case m.Args[0] == v.Args[1] && m.Args[1] == v.Args[2]:
		return simd.OpMax
	case m.Args[0] == v.Args[2] && m.Args[1] == v.Args[1]:
		return simd.OpMin
	}
	return 0
}
