package nir

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
)

// questions are those that the nodes of a graph ask.
type questions struct {
	time, leak, gain, spike, start, current, integrator, tie bool
}

// add notes what neurons ask.
func (q *questions) add(c constants) {
	q.leak = q.leak || c.leaky()
	q.gain = q.gain || c.foreign["r"] != nil
	q.spike = q.spike || c.foreign["v_threshold"] != nil
	q.tie = q.tie || c.fires()
	q.start = q.start || !zero(c.foreign["v_leak"]) || !zero(c.foreign["v_reset"])
	q.current = q.current || c.behind()
	q.integrator = q.integrator || c.foreign["r"] != nil && !c.leaky()
	q.time = q.time || c.leaky() || q.integrator && c.d.PerTime
}

// answers are what was assumed.
func (q questions) answers(d Discretization) (list []string) {
	say := func(asked bool, format string, args ...any) {
		if asked {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	say(q.time, "dt: a step is %v of the file's time", d.DT)
	say(q.leak, "method %v: a step is %s of the way to rest", d.Method, map[snn.Method]string{snn.MethodExact: "1-exp(-dt/tau)", snn.MethodEuler: "dt/tau"}[d.Method])
	say(q.gain, "gain %v: %s", d.Gain, map[Gain]string{
		GainIntegrated: "r times the share of a step", GainScaled: "r times the share of a step, in units in which that is 1",
		GainAbsorbed: "1, r and w_in are ignored", GainDecayed: "1, of a current its decay; r and w_in are ignored",
	}[d.Gain])
	say(q.integrator, "integrators: v + %s", map[bool]string{true: "dt*r*x", false: "r*x, dt being part of r"}[d.PerTime])
	say(q.spike, "reset %v, %v", d.Reset, d.Timing)
	say(q.start, "start: membranes begin at %s", map[Start]string{
		StartZero: "0", StartLeak: "v_leak, or at v_reset without a leak", StartReset: "v_reset, or at v_leak without a reset",
	}[d.Start])
	say(q.tie, "tie: a spike %s", map[bool]string{true: "at the threshold and above", false: "above the threshold only"}[d.Inclusive])
	say(q.spike && d.MultiSpike, "several spikes a step")
	say(q.spike && d.Floor && q.integrator, "floor: integrators stay above -v_threshold")
	say(q.current, "arrival %v: of an input at the membrane", d.Arrival)
	return list
}
