package nir

import (
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/spikelane/spikelane/snn"
)

// clock finds how the time of layers goes with that of a file. Layers that
// count in steps go with any; those that know how long a step of theirs is go
// with files in which it is as long.
type clock struct {
	dt    float64 // of the file
	unit  float64 // of the layers' DT, in the file's time; 0 while nobody has said
	layer string  // who has
}

// frameworks are those whose time constants have a unit, in seconds, and how
// long a step is by default, in that unit.
var frameworks = map[string]struct{ unit, step float64 }{
	"norse":    {1, 0.001},
	"rockpool": {1, 0.001},
	"mlgenn":   {0.001, 1},
}

// check reports a layer whose steps are not those of the file. Files are in
// seconds or milliseconds; a layer with a DT that has no unit says what the
// unit is, and all layers agree.
func (c *clock) check(name string, l snn.Layer) error {
	own, field := stepOf(reflect.ValueOf(l)), ""
	framework, _, _ := strings.Cut(l.Type(), ".")
	f, known := frameworks[framework]
	if own < 0 || own == 0 && !known { // counts in steps
		return nil
	}
	if own == 0 {
		own, field = f.step, ", the default of its framework"
	}
	if known {
		seconds := float64(own * f.unit)
		if !near(c.dt, seconds) && !near(c.dt, float64(1000*seconds)) {
			return fmt.Errorf("%w: a step of it is %v s long%s: the file's is %.6g in seconds or %.6g in milliseconds, not %v",
				ErrUnsupported, float32(seconds), field, seconds, 1000*seconds, c.dt)
		}
	}
	if unit := c.dt / own; c.unit == 0 || near(unit, c.unit) {
		if c.unit == 0 {
			c.unit, c.layer = unit, name
		}
		return nil
	}
	if known {
		return nil // seconds here and milliseconds there are one time
	}
	return fmt.Errorf("%w: a step of it is %v long, which is another time than that of %s for steps of %v", ErrUnsupported, float32(own), c.layer, c.dt)
}

// stepOf is the DT of a layer or of its synapse: 0 if it is not given, and
// negative if there is none.
func stepOf(l reflect.Value) float64 {
	if l.Kind() != reflect.Struct {
		return -1
	}
	dt, found := l.FieldByName("DT"), -1.0
	if dt.IsValid() && dt.CanFloat() {
		if found = dt.Float(); found != 0 {
			return found
		}
	}
	if s := l.FieldByName("Synapse"); s.IsValid() {
		found = max(found, stepOf(s))
	}
	return found
}

// near compares times, of which layers hold 32 bits.
func near(a, b float64) bool { return math.Abs(a-b) <= float64(1e-6*b) }
