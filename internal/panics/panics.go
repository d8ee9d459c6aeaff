// Package panics makes errors of panics. What users' layers, losses and
// sources do in goroutines of ours comes back as an error of the call that
// caused it, with the stack of the panic; the process lives on.
package panics

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// Err is wrapped by every [Error].
var Err = errors.New("panic")

// errExit is of a goroutine that ended by runtime.Goexit, as testing's FailNow
// does.
var errExit = errors.New("its goroutine was ended by runtime.Goexit")

// Error is a panic, and the stack where it happened.
type Error struct {
	Value any
	Stack []byte
}

// Error is the value of the panic, and below it the stack.
func (e *Error) Error() string { return fmt.Sprintf("%v: %v\n\n%s", Err, e.Value, e.Stack) }

// Unwrap returns [Err], and the value if it is an error.
func (e *Error) Unwrap() []error {
	if err, ok := e.Value.(error); ok {
		return []error{Err, err}
	}
	return []error{Err}
}

// Of makes an error of what recover returned. What has been an [Error] already
// keeps its stack.
func Of(value any) error {
	if e, ok := value.(*Error); ok {
		return e
	}
	return &Error{Value: value, Stack: debug.Stack()}
}

// Catch, deferred, stores a panic in err.
func Catch(err *error) {
	if v := recover(); v != nil {
		*err = Of(v)
	}
}

// Group is goroutines that are waited for together.
type Group struct {
	running sync.WaitGroup
	mutex   sync.Mutex
	err     error
}

// Go runs f in a goroutine.
func (g *Group) Go(f func() error) {
	g.running.Add(1)
	go func() {
		err := errExit
		defer func() {
			if v := recover(); v != nil {
				err = Of(v)
			}
			if err != nil {
				g.mutex.Lock()
				if g.err == nil {
					g.err = err
				}
				g.mutex.Unlock()
			}
			g.running.Done()
		}()
		err = f()
	}()
}

// Wait returns, once all have ended, the first error or panic.
func (g *Group) Wait() error {
	g.running.Wait()
	return g.err
}
