//go:build !(unix || windows)

package main

import "os"

func stopSignals() []os.Signal { return []os.Signal{os.Interrupt} }

func number(os.Signal) int { return 2 }
