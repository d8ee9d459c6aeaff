// Package picture draws lines, points and grey pictures as SVG.
package picture

import (
	"fmt"
	"math"
	"strings"
)

// Point is a place in a panel, in the units of its axes.
type Point struct{ X, Y float64 }

// Panel is a picture with two axes, or a grey one without.
type Panel struct {
	Title, X, Y string  // what the axes show
	Low, High   float64 // of the vertical axis; both 0: as the points are
	Log         bool    // both axes
	Line, Dots  []Point
	Grey        [][]byte // rows of pixels, 255 black; no axes are drawn then
}

// The sizes of a panel, and of the margins around its frame.
const (
	width, height            = 420.0, 320.0
	left, right, top, bottom = 62.0, 16.0, 30.0, 46.0
)

// SVG draws panels side by side.
func SVG(panels ...Panel) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" font-family="sans-serif" font-size="12">`+"\n", width*float64(len(panels)), height)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	for i, p := range panels {
		fmt.Fprintf(&b, `<g transform="translate(%g 0)">`+"\n", width*float64(i))
		p.text(&b, width/2, top-12, "middle", "", p.Title)
		if p.Grey != nil {
			p.pixels(&b)
		} else {
			p.plot(&b)
		}
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func (Panel) text(b *strings.Builder, x, y float64, anchor, more, text string) {
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(text)
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>`+"\n", x, y, anchor, more, escaped)
}

func (p Panel) pixels(b *strings.Builder) {
	size := min((width-left-right)/float64(len(p.Grey[0])), (height-top-bottom)/float64(len(p.Grey)))
	for y, row := range p.Grey {
		for x, v := range row {
			if v > 0 {
				fmt.Fprintf(b, `<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill-opacity="%.3f"/>`+"\n",
					left+float64(float64(x)*size), top+float64(float64(y)*size), size, size, float64(v)/255)
			}
		}
	}
}

func (p Panel) plot(b *strings.Builder) {
	h, v := p.axes()
	at := func(q Point) (x, y float64) {
		return left + float64(h.place(q.X)*(width-left-right)), height - bottom - float64(v.place(q.Y)*(height-top-bottom))
	}
	for _, t := range h.ticks() {
		x, _ := at(Point{t, v.low})
		fmt.Fprintf(b, `<path d="M%.1f %gV%g" stroke="#ddd"/>`+"\n", x, top, height-bottom)
		p.text(b, x, height-bottom+16, "middle", "", fmt.Sprintf("%.4g", t))
	}
	for _, t := range v.ticks() {
		_, y := at(Point{h.low, t})
		fmt.Fprintf(b, `<path d="M%g %.1fH%g" stroke="#ddd"/>`+"\n", left, y, width-right)
		p.text(b, left-6, y+4, "end", "", fmt.Sprintf("%.4g", t))
	}
	fmt.Fprintf(b, `<rect x="%g" y="%g" width="%g" height="%g" fill="none" stroke="black"/>`+"\n", left, top, width-left-right, height-top-bottom)
	p.text(b, (left+width-right)/2, height-10, "middle", "", p.X)
	p.text(b, 14, (top+height-bottom)/2, "middle", fmt.Sprintf(` transform="rotate(-90 14 %g)"`, (top+height-bottom)/2), p.Y)
	if len(p.Line) > 0 {
		b.WriteString(`<polyline fill="none" stroke="#1f5fbf" stroke-width="1.5" points="`)
		for _, q := range p.Line {
			x, y := at(q)
			fmt.Fprintf(b, "%.1f,%.1f ", x, y)
		}
		b.WriteString(`"/>` + "\n")
	}
	if len(p.Dots) > 0 {
		b.WriteString(`<path d="`)
		for _, q := range p.Dots {
			x, y := at(q)
			fmt.Fprintf(b, "M%.1f %.1fh2v2h-2z", x-1, y-1)
		}
		b.WriteString(`"/>` + "\n")
	}
}

// axes are those that all points find room in.
func (p Panel) axes() (h, v axis) {
	h, v = axis{math.Inf(1), math.Inf(-1), p.Log}, axis{math.Inf(1), math.Inf(-1), p.Log}
	for _, points := range [][]Point{p.Line, p.Dots} {
		for _, q := range points {
			h.low, h.high = min(h.low, q.X), max(h.high, q.X)
			v.low, v.high = min(v.low, q.Y), max(v.high, q.Y)
		}
	}
	if p.Low != 0 || p.High != 0 {
		v.low, v.high = p.Low, p.High
	}
	return h.wide(), v.wide()
}

// axis is a range of numbers.
type axis struct {
	low, high float64
	log       bool
}

// wide is an axis with two ends, whatever there is to show.
func (a axis) wide() axis {
	if !(a.low <= a.high) {
		return axis{0, 1, false}
	}
	if a.log = a.log && a.low > 0; a.low == a.high && a.log {
		a.low, a.high = a.low/2, a.high*2
	} else if a.low == a.high {
		a.low, a.high = a.low-0.5, a.high+0.5
	}
	return a
}

// place is where a number is, from 0 to 1.
func (a axis) place(v float64) float64 {
	if a.log {
		return math.Log(v/a.low) / math.Log(a.high/a.low)
	}
	return (v - a.low) / (a.high - a.low)
}

// ticks are round numbers of the axis, about five.
func (a axis) ticks() (all []float64) {
	if a.log {
		for e := math.Floor(math.Log10(a.low)); e <= math.Log10(a.high); e++ {
			for _, m := range []float64{1, 3} {
				if t := m * math.Pow(10, e); t >= a.low && t <= a.high {
					all = append(all, t)
				}
			}
		}
		return all
	}
	step := math.Pow(10, math.Floor(math.Log10((a.high-a.low)/2)))
	for _, m := range []float64{5, 2} {
		if (a.high-a.low)/(step*m) >= 4 {
			step *= m
			break
		}
	}
	for i := math.Ceil(a.low / step); i*step <= a.high; i++ {
		all = append(all, i*step)
	}
	return all
}
