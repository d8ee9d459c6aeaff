package picture_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/picture"
)

// Every panel is well-formed, with its words, and all numbers are finite.
func TestSVG(t *testing.T) {
	line := []picture.Point{{X: 0.1, Y: 20}, {X: 1, Y: 95}, {X: 6, Y: 99}}
	for name, p := range map[string]picture.Panel{
		"a line":        {Title: "loss < 1 & more", X: "epochs", Y: "loss", Line: line},
		"a fixed range": {High: 100, Line: line, X: "epochs"},
		"logarithms":    {Log: true, Line: line, Dots: line, X: "size"},
		"one point":     {Dots: line[:1], X: "step"},
		"one, in logs":  {Dots: line[:1], Log: true, X: "step"},
		"nothing":       {X: "step"},
		"zero, in logs": {Dots: []picture.Point{{}, {X: 1, Y: 2}}, Log: true, X: "step"},
		"pixels":        {Title: "a 7", Grey: [][]byte{{0, 255}, {128, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			svg := string(picture.SVG(p, p))
			require.NotContains(t, svg, "NaN")
			require.NotContains(t, svg, "Inf")
			d, texts := xml.NewDecoder(strings.NewReader(svg)), []string{}
			for {
				token, err := d.Token()
				if err == io.EOF {
					break
				}
				require.NoError(t, err)
				if text, ok := token.(xml.CharData); ok {
					texts = append(texts, string(text))
				}
			}
			for _, word := range []string{p.Title, p.X, p.Y} {
				if word != "" {
					require.Contains(t, texts, word)
				}
			}
		})
	}
}
