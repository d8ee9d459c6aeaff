package equation

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// seeds are neurons, and what is nasty.
var seeds = []string{
	"v1 = p*v + q*x\nspike = fires(v1, q)\nv = v1 - spike*q",
	"v1 = p*v*x\nv = fires(v1, q)\nspike = spike",
	"v1 = p*v + q*x - fired(v, 1)*q\nspike = fires(v1, 1)\nv = v1",
	"v0 = reset(remembered(s), q, v)\nv1 = p*v0 + x\nspike = fires(v1, 1)\nv = v1\ns = spike",
	"fit = (x > 0)*floor(x/q)\nspike = staircase(min(p, fit), x, q)",
	"ready = 0 >= wait\nv1 = select(ready, p*v + x, v)\nspike = ready && fires(v1, q)\nv = reset(spike, p, v1)\nwait = select(spike, 3, select(ready, 0, wait - 1))",
	"t1 = min(q, max(p, v + .04*(v*v) - u + x))\nspike = fires_above(t1, 30)\nv = select(spike, -65, t1)\nu = u + 0.02*(0.2*t1 - u) + jump(spike, 8)",
	"v1 = v + (x - v + p*exp((v - q)/p))/9\nspike = fires(detach(v1), 1); v = v1*(1 - detach(spike))",
	"t = u; u = v; v = t; spike = !(u != v) || !!(x > p*q)",
	"t1 = u\nu = x\nspike = t1 + p > q\nt2 = abs(-t1)\nv = v - t2*--u + sqrt(log(v))",
	"spike = x - -0 + 3.4028235e38*1e-45 - p*(0 - 2)/-(2)/q > 0 - x",
	"spike = max(x > p, q == x) + (x > 1)*(x > 2)\n",
	"spike = (\n(x # why\n)\n> p*q\n)\n;;;",
	"v=v;u=v;spike=fires(u,x*p*q)",
	"spike=staircase(p*p,p,q)*x\ns=spike",
	"exp=1", "v = \xff", "v = 1e", "((((", "a=", "=", "spike = -", "spike = x > 1e-400", "v = 2v", "é", "\r\n\t", "spike = fires(x,", "spike = fires(fires(x,1),2)",
}

// What anybody writes is an error that says where, or a kernel whose text is
// the kernel.
func FuzzParse(f *testing.F) {
	for _, text := range seeds {
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, listed bool) {
		d := Declaration{Params: []string{"p", "q"}}
		if listed {
			d.States, d.Outputs = []string{"v"}, []string{"spike", "v"}
		}
		k, err := Parse("neuron", text, d)
		if err != nil {
			var e *Error
			require.True(t, errors.As(err, &e))
			require.Nil(t, k)
			lines := strings.Split(text, "\n")
			require.LessOrEqual(t, e.Line, len(lines))
			if e.Line > 0 {
				require.GreaterOrEqual(t, e.Column, 1)
				require.LessOrEqual(t, e.Column, len([]rune(lines[e.Line-1]))+1)
			}
			return
		}
		again, err := Parse("neuron", k.Text(), k.Declaration())
		require.NoError(t, err, k.Text())
		requireSameProgram(t, k, again)
		require.Equal(t, k.Text(), again.Text())
	})
}
