package snn

// Variable is a variable of neurons: one number a neuron, among all that a layer
// remembers of a sample, or carries back.
type Variable struct {
	Name  string
	panel panel
	array int
	plain bool // one number after another
}

// Row is a variable of n numbers, one after another from first on: for layers of
// one's own.
func Row(name string, first, n int) Variable {
	v := Variable{Name: name, plain: true}
	v.panel.N, v.panel.first = n, first
	return v
}

// Get copies it out of what is remembered.
func (v Variable) Get(values, state []float32) {
	for i := range v.panel.N {
		values[i] = state[v.At(i)]
	}
}

// Put stores it in what is remembered.
func (v Variable) Put(state, values []float32) {
	for i := range v.panel.N {
		state[v.At(i)] = values[i]
	}
}

// At is where that of neuron i is.
func (v Variable) At(i int) int {
	if v.plain {
		return v.panel.first + i
	}
	return v.panel.first + v.panel.Layout.At(v.array, i)
}
