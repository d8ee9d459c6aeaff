// Package live reads events while they happen: from a network port, or from a
// file that another program still writes.
//
//	r, err := live.UDP(ctx, ":3333", events.Options{Sensor: events.Sensor{Width: 640, Height: 480}})
//	for e, err := range r.All() {
//		...
//	}
//
// They obey the rules of the package events, and end when ctx does.
package live
