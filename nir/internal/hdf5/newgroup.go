package hdf5

// links lists the members of a group.
func (f *file) links(h header) ([]link, error) {
	if m := h.find(symbolTableMessage); m != nil {
		return f.symbolTable(m)
	}
	return nil, unsupported("group of the new style")
}

func (f *file) denseAttributes(c *cursor, add func(*cursor) error) error {
	return unsupported("attributes in a heap")
}
