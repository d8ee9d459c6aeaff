package events

// clock counts on where the counter of a camera begins again at 0.
type clock struct {
	period int64 // of the counter
	passed int64 // whole periods
	last   int64
}

// at is the time of a count. One that is less than that before by more than half
// a period has begun again; others have gone back.
func (c *clock) at(count int64) int64 {
	if c.last-count > c.period/2 {
		c.passed += c.period
	}
	c.last = count
	return c.passed + count
}
