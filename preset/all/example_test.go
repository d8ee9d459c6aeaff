package all_test

import (
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	_ "github.com/spikelane/spikelane/preset/all"
)

// A description that names neurons of other frameworks is read by who imports
// this package.
func Example() {
	g, err := forward.ParseGraph([]byte(`{
		"inputs": [{"name": "x", "shape": [4]}],
		"layers": [
			{"type": "snntorch.Leaky", "options": {"beta": 0.9}},
			{"type": "Linear", "options": {"out": 2}},
			{"type": "norse.LIFBox"}
		]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.Layers(), g.Shape("norse.lifbox1"))
	// Output:
	// [snntorch.leaky1 linear1 norse.lifbox1] [2]
}
