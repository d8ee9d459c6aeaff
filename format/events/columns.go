package events

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// columns are the places of what an event is made of, among the columns of a
// table or the fields of a record; -1 of what is not there: y of a cochlea is
// then 0, and every event on.
type columns struct {
	t, x, y, p int
	unit       time.Duration // of times, as the name of their column says; or 0
}

// columnNames are what people call them, in lower case.
var columnNames = [4][]string{
	{"t", "ts", "time", "times", "timestamp", "timestamps"},
	{"x", "xs", "unit", "units", "channel", "channels", "addr", "address"},
	{"y", "ys"},
	{"p", "ps", "pol", "polarity", "polarities", "on"},
}

// timeUnits are the units that the name of a column ends with, after a _.
var timeUnits = map[string]time.Duration{
	"s": time.Second, "sec": time.Second, "seconds": time.Second, "ms": time.Millisecond,
	"us": time.Microsecond, "usec": time.Microsecond, "microseconds": time.Microsecond, "ns": time.Nanosecond,
}

// namedColumns finds the columns by their names.
func namedColumns(names []string) (columns, error) {
	c := columns{-1, -1, -1, -1, 0}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		base, unit := name, time.Duration(0)
		if at := strings.LastIndexAny(name, "_["); at > 0 {
			if u, known := timeUnits[strings.TrimSuffix(name[at+1:], "]")]; known {
				base, unit = strings.TrimSpace(name[:at]), u
			}
		}
		for k, place := range []*int{&c.t, &c.x, &c.y, &c.p} {
			if !slices.Contains(columnNames[k], base) {
				continue
			}
			if *place >= 0 {
				return c, fmt.Errorf("%w: %q and %q both look like %s: name the columns that are meant, as t,x,y,p", ErrOption, names[*place], names[i], columnNames[k][0])
			}
			*place = i
			if k == 0 {
				c.unit = unit
			}
		}
	}
	if c.t < 0 || c.x < 0 {
		return c, fmt.Errorf("%w: of %q none is t, or none is x: name the columns, as t,x,y,p", ErrOption, names)
	}
	return c, nil
}

// givenColumns are those of [Options.Columns], of so many.
func givenColumns(text string, n int) (columns, error) {
	names := strings.Split(text, ",")
	if len(names) != n {
		return columns{}, fmt.Errorf("%w: the columns %s are %d; there are %d: a _ stands for one that is passed over", ErrOption, text, len(names), n)
	}
	return namedColumns(names)
}

// timeUnit is the unit of times, which an option or a name must say.
func (c columns) timeUnit(o Options) (unit time.Duration, fixed bool, err error) {
	switch {
	case c.unit == 0 && o.Unit == 0:
		return 0, false, fmt.Errorf("%w: nothing says in which unit the times are, and it is not guessed: state it, as 1us or 1s", ErrOption)
	case c.unit != 0 && o.Unit != 0 && c.unit != o.Unit:
		return 0, false, fmt.Errorf("%w: times of %v are asked for, the file's are of %v", ErrOption, o.Unit, c.unit)
	case c.unit != 0:
		return c.unit, true, nil
	}
	return o.Unit, false, nil
}

// coordinate is a number as x, y or a polarity; what is greater than these can be
// is as great as they can be.
func coordinate(v int64) int32 { return int32(max(math.MinInt32, min(math.MaxInt32, v))) }
