package events

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// propheseeHeader is what stands in the lines of text at the beginning of the
// files of Prophesee's cameras, each from "% " to a newline.
type propheseeHeader struct {
	format  string // in lower case: evt3, or "" of a DAT file
	options map[string]string
	model   string // of the camera, in its words
	version string // of DAT
	sensor  Sensor
}

// isProphesee matches the files of a format, "" for DAT.
func isProphesee(format string) func(head []byte, name string) bool {
	return func(head []byte, _ string) bool {
		if !bytes.HasPrefix(head, []byte("% ")) {
			return false
		}
		lines, whole := headerLines(head)
		h, err := parsePropheseeHeader(lines)
		return whole && err == nil && h.format == format
	}
}

// headerLines are the lines at the beginning of some bytes; whole if something
// else comes after them.
func headerLines(b []byte) (lines []string, whole bool) {
	for {
		switch {
		case len(b) >= 2 && b[0] == '%' && b[1] == ' ':
		case len(b) >= 2 || len(b) == 1 && b[0] != '%':
			return lines, true
		default:
			return lines, false
		}
		line, rest, found := bytes.Cut(b, []byte("\n"))
		if !found {
			return lines, false
		}
		text := strings.TrimSpace(string(line[2:]))
		lines, b = append(lines, text), rest
		if text == "end" {
			return lines, true
		}
	}
}

// takeProphesee takes the header, line by line: what comes after it may not have
// come yet.
func takeProphesee(s *Source) (propheseeHeader, error) {
	var lines []string
	for {
		next, err := s.Peek(2)
		if err != nil {
			return propheseeHeader{}, err
		}
		if string(next) != "% " {
			return parsePropheseeHeader(lines)
		}
		line, err := s.Line()
		if err != nil {
			return propheseeHeader{}, err
		}
		if s.Offset() > sourceBytes {
			return propheseeHeader{}, tooLong("the header")
		}
		lines = append(lines, strings.TrimSpace(string(line[2:])))
		if lines[len(lines)-1] == "end" {
			return parsePropheseeHeader(lines)
		}
	}
}

// parsePropheseeHeader understands the lines: a word, and what it stands for.
func parsePropheseeHeader(lines []string) (h propheseeHeader, err error) {
	h.options = map[string]string{}
	for _, line := range lines {
		key, value, _ := strings.Cut(line, " ")
		value = strings.TrimSpace(value)
		switch strings.ToLower(key) {
		case "evt":
			if h.format == "" {
				h.format = "evt" + strings.TrimSuffix(strings.ReplaceAll(value, ".", ""), "0")
			}
		case "format":
			fields := strings.Split(value, ";")
			h.format = strings.ToLower(fields[0])
			for _, f := range fields[1:] {
				name, v, _ := strings.Cut(f, "=")
				h.options[strings.ToLower(name)] = v
			}
		case "geometry":
			width, height, _ := strings.Cut(value, "x")
			h.options["width"], h.options["height"] = width, height
		case "width", "height":
			h.options[strings.ToLower(key)] = value
		case "version":
			h.version = value
		case "plugin_name", "sensor_name", "sensor_generation", "generation":
			h.model += " " + strings.ToLower(value)
		}
	}
	return h, h.size()
}

// propheseeSensors are the sizes of sensors by what headers call them, which do
// not always have a size; the more precise names come first.
var propheseeSensors = []struct {
	name string
	size Sensor
}{
	{"genx320", Sensor{320, 320}}, {"imx636", Sensor{1280, 720}}, {"imx646", Sensor{1280, 720}},
	{"gen4", Sensor{1280, 720}}, {"gen3", Sensor{640, 480}}, {" 4.", Sensor{1280, 720}}, {" 3.", Sensor{640, 480}},
}

// size is that of the sensor, if the header has it.
func (h *propheseeHeader) size() error {
	for name, side := range map[string]*int{"width": &h.sensor.Width, "height": &h.sensor.Height} {
		text, there := h.options[name]
		if !there {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 || n > maxSide {
			return fmt.Errorf("%w: the header says %s %.20q", ErrFormat, name, text)
		}
		*side = n
	}
	if h.sensor.Width == 0 || h.sensor.Height == 0 {
		h.sensor = Sensor{}
		for _, known := range propheseeSensors {
			if strings.Contains(h.model, known.name) {
				h.sensor = known.size
				break
			}
		}
	}
	return nil
}
