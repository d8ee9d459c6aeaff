package equation_test

import (
	"fmt"

	"github.com/spikelane/spikelane/equation"
)

// A leaky integrate-and-fire neuron whose threshold rises with its spikes. v and
// a are read before they are set: they are states.
func ExampleParse() {
	k, err := equation.Parse("adaptive", `
		v1 = decay*v + gain*x
		level = threshold + a
		spike = fires(v1, level)
		v = v1 - spike*level      # a spike lowers the membrane
		a = slow*a + spike*rise   # and makes the next one harder
	`, equation.Declaration{Params: []string{"decay", "gain", "threshold", "slow", "rise"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(k.Declaration().States)
	fmt.Println(k.Text())
	// Output:
	// [v a]
	// v1 = decay*v + gain*x
	// level = threshold + a
	// spike = fires(v1, level)
	// v = v1 - spike*level
	// a = slow*a + spike*rise
}

func ExampleError() {
	_, err := equation.Parse("lif", "v1 = decay*v + x\nspike = fires(v1, tresh)\nv = v1*(1 - spike)",
		equation.Declaration{Params: []string{"decay", "threshold"}})
	fmt.Println(err)
	// Output:
	// line 2, column 19: `tresh` is not defined; did you mean `threshold`?
}
