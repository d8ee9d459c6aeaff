package nir

import (
	"errors"
	"fmt"
)

// The errors that others wrap.
var (
	// ErrFormat is wrapped by errors about files and graphs that break a rule of
	// NIR.
	ErrFormat = errors.New("not a valid NIR graph")
	// ErrUnsupported is wrapped by errors about what has no counterpart, on either
	// side, or that asks for an option that is not there.
	ErrUnsupported = errors.New("unsupported")
)

// Error says where in a file or graph something is wrong.
type Error struct {
	// Path is that of the group or dataset in a file, such as
	// /node/nodes/lif1/tau, or the name of a node, lif1.
	Path string
	Err  error
}

// Error is the path and what is wrong.
func (e *Error) Error() string { return fmt.Sprintf("nir: %s: %v", e.Path, e.Err) }

// Unwrap returns what is wrong.
func (e *Error) Unwrap() error { return e.Err }

// at puts the path before an error that has none.
func at(path string, err error) error {
	var placed *Error
	if err == nil || errors.As(err, &placed) {
		return err
	}
	return &Error{path, err}
}

// badf is an error about a rule of NIR.
func badf(path, format string, args ...any) error {
	return &Error{path, fmt.Errorf("%w: "+format, append([]any{ErrFormat}, args...)...)}
}

// unsupportedf is an error about a missing counterpart.
func unsupportedf(path, format string, args ...any) error {
	return &Error{path, fmt.Errorf("%w: "+format, append([]any{ErrUnsupported}, args...)...)}
}
