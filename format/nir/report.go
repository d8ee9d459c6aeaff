package nir

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Status is how well a node and a layer agree.
type Status uint8

// The statuses. What has no counterpart is an error that wraps
// [ErrUnsupported], not a status.
const (
	StatusFaithful     Status = iota // they compute the same
	StatusApproximated               // they differ as the notes say
)

// String names the status.
func (s Status) String() string {
	if s == StatusApproximated {
		return "approximated"
	}
	return "faithful"
}

// Report says what became of every node, or of every layer.
type Report struct {
	// Assumed are the options that the file does not hold and that matter to
	// its nodes.
	Assumed []string
	Nodes   []NodeReport // in the order of the network
}

// NodeReport is what became of one node.
type NodeReport struct {
	Name   string // of the node and of the layer
	Node   string // the type in NIR
	Layer  string // the type of the layer
	Status Status
	Notes  []string
}

// note adds a difference.
func (r *NodeReport) approximated(format string, args ...any) {
	r.Status = StatusApproximated
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// Faithful reports whether every node is.
func (r *Report) Faithful() bool {
	for _, n := range r.Nodes {
		if n.Status != StatusFaithful {
			return false
		}
	}
	return true
}

// String is the report as a table.
func (r *Report) String() string {
	var b strings.Builder
	for _, a := range r.Assumed {
		fmt.Fprintf(&b, "assumed  %s\n", a)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "name\tnode\tlayer\tstatus\tnotes")
	for _, n := range r.Nodes {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", n.Name, n.Node, n.Layer, n.Status, strings.Join(n.Notes, "; "))
	}
	w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}
