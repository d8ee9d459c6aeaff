package aedat4

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/format/events"
)

// header is what a file says before its packets.
type header struct {
	compression int32
	table       int64 // where the table of packets is; -1: it was not written
	streams     []stream
}

// stream is a stream of events.
type stream struct {
	id     int32
	name   string
	sensor events.Sensor
}

// node is a node of the XML.
type node struct {
	Name  string `xml:"name,attr"`
	Attrs []struct {
		Key   string `xml:"key,attr"`
		Value string `xml:",chardata"`
	} `xml:"attr"`
	Nodes []node `xml:"node"`
}

// value is that of an attribute.
func (n node) value(key string) string {
	for _, a := range n.Attrs {
		if a.Key == key {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

func parseHeader(data []byte) (h header, err error) {
	b := buffer(data)
	root, err := b.root("IOHE")
	if err != nil {
		return h, fmt.Errorf("%w: %w", events.ErrFormat, err)
	}
	h.table = -1
	for i, size := range []int64{4, 8} {
		place, err := b.field(root, int64(i))
		if err != nil {
			return h, fmt.Errorf("%w: %w", events.ErrFormat, err)
		}
		if place == 0 {
			continue
		}
		v, err := b.at(place, size)
		if err != nil {
			return h, fmt.Errorf("%w: %w", events.ErrFormat, err)
		}
		if i == 0 {
			h.compression = int32(binary.LittleEndian.Uint32(v))
		} else {
			h.table = int64(binary.LittleEndian.Uint64(v))
		}
	}
	text, err := b.vector(root, 2, 1)
	if err != nil {
		return h, fmt.Errorf("%w: %w", events.ErrFormat, err)
	}
	return h, h.describe(text)
}

// describe finds the streams of events in the XML.
func (h *header) describe(text []byte) error {
	var top node
	if err := xml.Unmarshal(text, &top); err != nil {
		return fmt.Errorf("%w: what the streams are: %w", events.ErrFormat, err)
	}
	for _, out := range top.Nodes {
		for _, n := range out.Nodes {
			if n.value("typeIdentifier") != "EVTS" {
				continue
			}
			id, err := strconv.ParseInt(n.Name, 10, 32)
			if err != nil {
				return fmt.Errorf("%w: a stream is numbered %.20q", events.ErrFormat, n.Name)
			}
			s := stream{id: int32(id), name: n.value("originalOutputName")}
			for _, info := range n.Nodes {
				if info.Name == "info" {
					s.sensor.Width, _ = strconv.Atoi(info.value("sizeX"))
					s.sensor.Height, _ = strconv.Atoi(info.value("sizeY"))
				}
			}
			if s.sensor.Width < 1 || s.sensor.Height < 1 {
				s.sensor = events.Sensor{}
			}
			h.streams = append(h.streams, s)
		}
	}
	return nil
}

// pick is the stream of that number or name, or the first.
func (h header) pick(group string) (stream, error) {
	if len(h.streams) == 0 {
		return stream{}, fmt.Errorf("%w: no stream of events is in it", events.ErrFormat)
	}
	var known []string
	for _, s := range h.streams {
		if group == "" || group == s.name || group == strconv.Itoa(int(s.id)) {
			return s, nil
		}
		known = append(known, fmt.Sprintf("%d (%s)", s.id, s.name))
	}
	return stream{}, fmt.Errorf("%w: there is no stream %q of events; there are %s", events.ErrOption, group, strings.Join(known, ", "))
}
