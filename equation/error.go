package equation

import "fmt"

// Error is what is wrong with a text that [Parse] was given, and where. Line and
// Column count from 1, columns in characters; both are 0 if the fault has no
// place in the text: it is in the [Declaration], or something is missing.
type Error struct {
	Line, Column int
	Msg          string
}

// Error is like "line 2, column 9: `tresh` is not defined".
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Msg
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// place is where something stands in a text.
type place struct{ line, column int }

// nowhere is the place of what no text holds.
var nowhere place

// fail ends the reading of a text: [caught] turns it into an error.
func (at place) fail(format string, args ...any) {
	panic(&Error{at.line, at.column, fmt.Sprintf(format, args...)})
}

// caught runs what may fail. Any other panic goes on.
func caught(run func()) (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error:
			err = e
		default:
			panic(e)
		}
	}()
	run()
	return nil
}

// longestQuote is how many characters of a text an error repeats.
const longestQuote = 40

func quote(s string) string {
	if r := []rune(s); len(r) > longestQuote {
		s = string(r[:longestQuote]) + "..."
	}
	return "`" + s + "`"
}
