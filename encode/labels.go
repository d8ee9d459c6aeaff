package encode

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Label is a recording and its class.
type Label struct {
	Name  string // of the file, without its ending
	Class int
}

// ReadLabels reads a list of recordings: on each line a name and a class,
// separated by space. Empty lines, and those that begin with #, are passed
// over. Errors name the line.
func ReadLabels(r io.Reader) ([]Label, error) {
	var labels []Label
	in := bufio.NewScanner(r)
	for line := 1; in.Scan(); line++ {
		text := strings.TrimSpace(in.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		fields := strings.Fields(text)
		if len(fields) != 2 {
			return nil, fmt.Errorf("encode: line %d: %w: %q is not a name and a class", line, ErrFormat, text)
		}
		class, err := strconv.Atoi(fields[1])
		if err != nil || class < 0 {
			return nil, fmt.Errorf("encode: line %d: %w: the class is %q", line, ErrFormat, fields[1])
		}
		labels = append(labels, Label{fields[0], class})
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return labels, nil
}
