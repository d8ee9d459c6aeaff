// Package detmath holds the float64 functions of everything that is computed
// once on the host: decays from time constants, schedules, Adam's beta^t, mel
// filters, initial weights. Their bits are the same on every GOARCH, which
// those of math.Exp, math.Log and their kin are not: some architectures have
// assembly for them, others fuse a product into a sum.
//
// Every operation here is an IEEE 754 addition, product, quotient or square
// root, rounded once and in the order written. A product is always converted,
//
//	float64(a*b) + c
//
// because Go may fuse it otherwise; a test of this package reads the sources of
// this and two other packages and reports one that is not, as well as any
// function of package math whose bits depend on the machine.
//
// # Accuracy
//
// The largest errors that the tests have seen, against math/big, are in units
// in the last place (ULP) of the exact result; each comment states a bound
// above it. They say "normal results" where a subnormal one is off by more of
// its own, smaller, units: up to 1 ULP there.
//
// NaN in is NaN out, its sign and payload open, except for Pow(1, NaN) and
// Pow(NaN, 0), which are 1.
package detmath
