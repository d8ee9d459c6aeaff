//go:build ignore

// Command makeglyphs writes glyphs.txt, the outlines of the letters of pictures,
// from the font Go Regular, which golang.org/x/image has. The font does not change,
// so that the program is run only when a letter is to be added, in a module of its
// own that requires golang.org/x/image:
//
//	go run makeglyphs.go > glyphs.txt
package main

import (
	"fmt"
	"log"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// unitsPerEm is the size at which all coordinates are whole.
const unitsPerEm = 2048

// ranges are the first and last runes that pictures can show.
var ranges = [][2]rune{
	{' ', '~'}, {0xa1, 0xac}, {0xae, 0xff}, // Latin
	{'Α', 'Ρ'}, {'Σ', 'Ω'}, {'α', 'ω'}, // Greek
	{'–', '—'}, {'‘', '’'}, {'“', '”'}, {'…', '…'}, {'‰', '‰'}, {'€', '€'},
	{'←', '↓'}, {'∂', '∂'}, {'∆', '∆'}, {'∑', '∑'}, {'−', '−'}, {'√', '√'}, {'∞', '∞'}, {'≈', '≈'}, {'≠', '≠'}, {'≤', '≥'},
}

func main() {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		log.Fatal(err)
	}
	var b sfnt.Buffer
	for _, r := range ranges {
		for c := r[0]; c <= r[1]; c++ {
			if err := write(f, &b, c); err != nil {
				log.Fatalf("%q: %v", c, err)
			}
		}
	}
}

// write prints a line: the rune, how far the next one is, and the outline.
func write(f *sfnt.Font, b *sfnt.Buffer, c rune) error {
	i, err := f.GlyphIndex(b, c)
	if err != nil {
		return err
	}
	if i == 0 {
		return fmt.Errorf("the font has no such glyph")
	}
	advance, err := f.GlyphAdvance(b, i, fixed.I(unitsPerEm), font.HintingNone)
	if err != nil {
		return err
	}
	segments, err := f.LoadGlyph(b, i, fixed.I(unitsPerEm), nil)
	if err != nil {
		return err
	}
	fmt.Printf("%04x %d ", c, advance.Round())
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			fmt.Printf("M%d %d", s.Args[0].X.Round(), s.Args[0].Y.Round())
		case sfnt.SegmentOpLineTo:
			fmt.Printf("L%d %d", s.Args[0].X.Round(), s.Args[0].Y.Round())
		case sfnt.SegmentOpQuadTo:
			fmt.Printf("Q%d %d %d %d", s.Args[0].X.Round(), s.Args[0].Y.Round(), s.Args[1].X.Round(), s.Args[1].Y.Round())
		default:
			return fmt.Errorf("a curve of another kind: %v", s.Op)
		}
	}
	fmt.Println()
	return nil
}
