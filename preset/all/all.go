// Package all registers the layers of every preset, so that model files that
// name them load:
//
//	import _ "github.com/spikelane/spikelane/preset/all"
package all

import (
	_ "github.com/spikelane/spikelane/preset/jaxpike"
	_ "github.com/spikelane/spikelane/preset/lava"
	_ "github.com/spikelane/spikelane/preset/mlgenn"
	_ "github.com/spikelane/spikelane/preset/norse"
	_ "github.com/spikelane/spikelane/preset/rockpool"
	_ "github.com/spikelane/spikelane/preset/sinabs"
	_ "github.com/spikelane/spikelane/preset/slax"
	_ "github.com/spikelane/spikelane/preset/snnax"
	_ "github.com/spikelane/spikelane/preset/snntorch"
	_ "github.com/spikelane/spikelane/preset/spikingjelly"
	_ "github.com/spikelane/spikelane/preset/spyx"
)
