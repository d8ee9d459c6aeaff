package vectors_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
)

func read(t *testing.T, meta map[string]string) *vectors.Case {
	t.Helper()
	data, err := safetensors.Encode([]safetensors.Named{{Name: "x", Tensor: tensor.Of([]float32{1, 2}, 2)}}, meta)
	require.NoError(t, err)
	c, err := vectors.Read(data)
	require.NoError(t, err)
	return c
}

// What nobody asks for is listed, however deep it lies.
func TestUnread(t *testing.T) {
	c := read(t, map[string]string{
		"kind": `"neuron"`, "name": `"n"`, "parameters": `{"beta": 0.5, "list": [[1], [2, 3]], "none": null}`,
		"layers": `[{"type": "LIF"}, {"type": "LI", "on": true}]`, "more": `1`,
	})
	require.Equal(t, []string{"layers", "more", "parameters", "tensor x"}, c.Unread())
	p, layers := c.Meta.Object("parameters"), c.Meta.Objects("layers")
	require.Equal(t, []string{"layers[0].type", "layers[1].on", "layers[1].type", "more", "parameters.beta", "parameters.list", "parameters.none", "tensor x"}, c.Unread())
	require.Equal(t, 0.5, p.Number("beta"))
	require.Equal(t, []float32{1, 2, 3}, p.Numbers("list"))
	require.True(t, p.IsNull("none"))
	require.Equal(t, "LI", layers[1].Text("type"))
	require.True(t, layers[1].Flag("on"))
	require.Equal(t, "LIF", c.Meta.Objects("layers")[0].Text("type"), "the same as before")
	c.Meta.Skip("more")
	_, err := c.Tensor("x")
	require.NoError(t, err)
	require.Empty(t, c.Unread())
	require.NoError(t, c.Meta.Err())
}

// What is missing, or of another type, is the case's error, and says where.
func TestWrongMetadata(t *testing.T) {
	for what, ask := range map[string]func(m *vectors.Fields){
		"parameters.gamma: it is missing":            func(m *vectors.Fields) { m.Object("parameters").Number("gamma") },
		"parameters.beta: it is 0.5, not a text":     func(m *vectors.Fields) { m.Object("parameters").Text("beta") },
		"parameters.beta: it is 0.5, not a list":     func(m *vectors.Fields) { m.Object("parameters").Ints("beta") },
		"parameters.beta: it is 0.5, not an integer": func(m *vectors.Fields) { m.Object("parameters").Int("beta") },
		"parameters.list: it is x, not numbers":      func(m *vectors.Fields) { m.Object("parameters").Numbers("list") },
		"kind: it is neuron, not an object":          func(m *vectors.Fields) { m.Object("kind").Number("anything") },
	} {
		c := read(t, map[string]string{"kind": `"neuron"`, "name": `"n"`, "parameters": `{"beta": 0.5, "list": [1, "x"]}`})
		ask(c.Meta)
		require.ErrorIs(t, c.Meta.Err(), vectors.ErrCase)
		require.ErrorContains(t, c.Meta.Err(), what)
	}
	_, err := vectors.Read([]byte("no file"))
	require.Error(t, err)
}
