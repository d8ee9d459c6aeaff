package dataset

import (
	"sync"

	"github.com/spikelane/spikelane/tensor"
)

// keptBytes is how much of samples is kept in memory: what comes when that is
// full is made anew every time.
const keptBytes = 1 << 29

// cache keeps samples that have been made.
type cache struct {
	mutex sync.Mutex
	kept  map[int]tensor.Signal
	bytes int64
}

func (c *cache) get(i int) (tensor.Signal, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	x, ok := c.kept[i]
	return x, ok
}

func (c *cache) put(i int, x tensor.Signal) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	n := bytesOf(x)
	if c.bytes+n > keptBytes {
		return
	}
	if c.kept == nil {
		c.kept = map[int]tensor.Signal{}
	}
	if _, there := c.kept[i]; !there {
		c.kept[i] = x
		c.bytes += n
	}
}

// bytesOf is how much memory a signal takes.
func bytesOf(x tensor.Signal) int64 {
	switch x := x.(type) {
	case *tensor.Events:
		return int64(8*len(x.Index) + 8*len(x.Rows))
	case *tensor.Spikes:
		return int64(8 * len(x.Bits))
	case *tensor.Tensor:
		return int64(4 * len(x.Data))
	}
	return 0
}
