package encode

import (
	"fmt"
	"slices"
	"strings"
)

// nameOf is the name of a choice, or a number where it has none.
func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprint(i)
}

// marshalName is the name of a choice.
func marshalName(names []string, i int, what string) ([]byte, error) {
	if i >= len(names) {
		return nil, fmt.Errorf("encode: %w: %s is %d", ErrRange, what, i)
	}
	return []byte(names[i]), nil
}

// unmarshalName sets the choice of a name.
func unmarshalName[T ~uint8](to *T, names []string, text []byte) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("encode: %w: %q is none of %s", ErrRange, text, strings.Join(names, ", "))
	}
	*to = T(i)
	return nil
}
