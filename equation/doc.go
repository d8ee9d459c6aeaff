// Package equation is the little language in which neurons and other
// elementwise kernels are described once: as text, or by the functions of this
// package. From a description come the kernels of every target, the loops that
// their documentation shows, vector micro-operations that run without a
// compiler, and, by reverse mode, the backward pass.
//
// A description builds values from inputs, parameters, state and constants:
//
//	k := equation.New("lifSubtract", "...")
//	v, x := k.State("v"), k.Input("x")
//	decay, gain, threshold := k.Param("decay"), k.Param("gain"), k.Param("threshold")
//	v1 := equation.Add(equation.Mul(decay, v), equation.Mul(gain, x)).As("v1")
//	s := equation.Fires(v1, threshold)
//	k.Spikes("spikes", s)
//	k.SetState("v", equation.Sub(v1, equation.Select(s, threshold, equation.Const(0))))
//
// Every operation is rounded once to float32, in the order written; nothing is
// ever fused or reassociated. Comparisons are ordered: false on NaN.
//
// # The text form
//
// The same neuron as text, which [Parse] reads and [Kernel.Text] writes:
//
//	v1 = decay*v + gain*x          # the membrane takes in its input
//	spike = fires(v1, threshold)
//	v = v1 - spike*threshold
//
// A text is a list of statements, each of which gives a name a value for this
// step. They are done in the order in which they stand. A line is a statement,
// and so is what semicolons separate; within parentheses a line goes on. What
// follows # is a comment.
//
//	text        = [ statement ] { ( newline | ";" ) [ statement ] } .
//	statement   = name "=" expression .
//	expression  = conjunction { "||" conjunction } .
//	conjunction = negation { "&&" negation } .
//	negation    = { "!" } comparison .
//	comparison  = sum [ ( ">=" | ">" | "<=" | "<" | "==" | "!=" ) sum ] .
//	sum         = product { ( "+" | "-" ) product } .
//	product     = signed { ( "*" | "/" ) signed } .
//	signed      = { "-" } primary .
//	primary     = number | name | call | "(" expression ")" .
//	call        = name "(" expression { "," expression } ")" .
//
// Names are up to 64 of a to z, A to Z, 0 to 9 and _, and do not begin with a
// digit. Numbers are decimal, like 20, .5 and 1e-3, and become the nearest
// float32; one that is beyond all of them, or becomes 0 without being 0, is an
// error. All operators take their operands from left to right. A minus before a
// number is the number's own, elsewhere -a is 0 - a; a < b is b > a, a <= b is
// b >= a, and a != b is !(a == b).
//
// # Names
//
// A [Declaration] says which names are inputs and parameters, and which of those
// that the text sets are sent. Every name is one thing, and is set once. What a
// name means where it is read:
//
//   - an input or a parameter: its number;
//   - a name that has been set further up: what it was set to;
//   - a name that is set further down, or in the statement itself: a state, that
//     is, what the last step left in it.
//
// So v above is a state, whose old value the first statement reads. After the
// last statement, its value would be the new one. If the declaration lists the
// states, no other name may be read before it is set; a name that depends on
// itself in this way is an algebraic loop. If it does not, the states are in the
// order in which the text comes upon them.
//
// What is sent is packed spikes if it is a truth value, and numbers if it is a
// number. It may be a state: what is sent is its new value.
//
// Nothing is dropped in silence. A name that is set and serves for nothing, an
// input or a parameter that is not read, an output or a listed state that is not
// set: all are errors. Names of functions are not for others, unless they are
// declared.
//
// # Numbers and truth values
//
// Comparisons and the tests of spikes are truth values; &&, || and ! want them,
// and to give them numbers is an error. Where a number is wanted, a truth value m
// is select(m, 1, 0). As a factor it is more: m*a and a*m are select(m, a, 0), a
// where m holds and +0 elsewhere, even where a is infinite or NaN. A state that
// is set to a truth value holds 1 or 0, and is a number at the next step.
//
// # Functions and gradients
//
// g is the gradient of what a row gives. What depends on constants alone has no
// gradient; those of parameters are added up. A value that is used several times
// has the sum of what its uses give.
//
//	a + b, a - b             to a: g; to b: g or -g
//	a * b                    to a: g*b; to b: g*a
//	a / b                    to a: g/b; to b: -(g/b)*(a/b)
//	abs(a)                   |a|. To a: g where a >= 0, else -g
//	sqrt(a)                  to a: 0.5*g/sqrt(a)
//	exp(a)                   e to the power of a. To a: g*exp(a). See [Exp]
//	log(a)                   the natural logarithm. To a: g/a. See [Log]
//	floor(a)                 the greatest integer not above a. None
//	min(a, b), max(a, b)     b if either is NaN. To the one that it is
//	select(m, a, b)          a where m holds, else b. To a: g where m holds; to b:
//	                         g elsewhere; to m, if it is a spike: g*(a-b)
//	detach(a)                a, a number or a truth value. None
//	a >= b, a > b, a == b    None
//	m && n                   to the spikes among them: g where the other holds
//	m || n, !m               None
//
// and those that are made for spikes:
//
//	fires(v, level)          v >= level, a spike. To v: g*surrogate; to
//	                         level: -g*surrogate
//	fires_above(v, level)    v > level, a spike. The same
//	staircase(n, v, level)   n, which counts how often v reaches level, like
//	                         floor(v/level). To v: g*surrogate; to
//	                         level: -g*surrogate*v/level; to n: none
//	fired(v, level)          v >= level, the spikes of the step before. To them
//	remembered(s)            s > 0, the spikes of the step before, of a state s
//	                         that was set to them. To s: g
//	reset(spike, value, v)   value where there is a spike, else v. To value and v
//	                         like select, and to v, where there is a spike,
//	                         g*straight_through; to spike: g*(value-v)
//	jump(spike, amount)      amount where there is a spike, else 0. To amount like
//	                         select; to spike: g*amount, even if resets are
//	                         detached
//
// surrogate is the derivative of the surrogate at v - level, or for a staircase
// as its layer computes it. There is one surrogate, and so one fires,
// fires_above or staircase in a text. A spike has gradients from where it is
// sent, and from where it is used within the neuron; those, but for a jump's,
// are scaled by 1, or by 0 if resets are detached. straight_through is 0, or 1 if
// a reset as a whole is detached. The gradient of a level that moves is scaled by
// 1, or by 0 for sinabs.
//
// fired and remembered are checked: fired wants a state, or what is made of
// states, that was set to what fires tests, at the level of that step.
//
// # Errors
//
// What is wrong with a text is an [*Error] with line and column:
//
//	line 2, column 19: `tresh` is not defined; did you mean `threshold`?
//
// What is missing has no place in the text, and what is wrong with a declaration
// has none either. A text has at most 1 MiB, 10,000 statements, 65,536 operations
// (of which exp counts as 40 and log as 120), 1,000 states, and parentheses that
// are nested 1,000 deep; more is an error, too. Reading it takes time in
// proportion to its length.
package equation
