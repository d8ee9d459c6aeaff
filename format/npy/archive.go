package npy

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spikelane/spikelane/internal/atomicfile"
)

// Archive is an .npz file: arrays by name, in a ZIP archive. It is safe for
// concurrent use if its reader is.
type Archive struct {
	// Limit is how many bytes an array may have when it is unpacked; 0 stands
	// for 32 MiB and 32 times the size of the archive: a megabyte can say that
	// it is a gigabyte of zeros. Reading an array takes up to four times its
	// bytes.
	Limit int64

	size    int64
	names   []string
	members map[string]*zip.File
	closer  io.Closer
}

// What Limit 0 stands for.
const (
	spareBytes  = 32 << 20
	usualGrowth = 32
)

// maxGrowth is how many bytes deflate makes of one.
const maxGrowth = 1040

// suffix is what a member's name has behind the array's.
const suffix = ".npy"

// NewArchive reads the directory of an archive of size bytes, and no array yet.
// Two arrays of one name, and members that are no arrays, are errors.
func NewArchive(r io.ReaderAt, size int64) (*Archive, error) {
	a, err := newArchive(r, size)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

func newArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	// Names are only looked up: one that would leave its folder harms nobody.
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	a := &Archive{members: map[string]*zip.File{}, size: size}
	for _, m := range z.File {
		name, ok := strings.CutSuffix(m.Name, suffix)
		if !ok {
			return nil, fmt.Errorf("%w: the member %.80q is not named as an array", ErrFormat, m.Name)
		}
		if a.members[name] != nil {
			return nil, fmt.Errorf("%w: two arrays are named %.80q", ErrFormat, name)
		}
		a.names, a.members[name] = append(a.names, name), m
	}
	return a, nil
}

// OpenArchive opens a file, which stays open until Close.
func OpenArchive(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		var a *Archive
		if a, err = newArchive(f, info.Size()); err == nil {
			a.closer = f
			return a, nil
		}
	}
	f.Close()
	return nil, fmt.Errorf("npy: %s: %w", path, err)
}

// Close closes the file that [OpenArchive] opened.
func (a *Archive) Close() error {
	if a.closer == nil {
		return nil
	}
	return a.closer.Close()
}

// Names returns the names of the arrays in their order.
func (a *Archive) Names() []string { return append([]string(nil), a.names...) }

// Read reads an array. No more than Limit bytes of it are unpacked, nor more
// than there are, whatever the archive says: a larger one is an error.
func (a *Archive) Read(name string) (Array, error) {
	m, ok := a.members[name]
	if !ok {
		return Array{}, fmt.Errorf("npy: %w: %.80q", ErrNotFound, name)
	}
	array, err := a.read(m)
	if err != nil {
		return Array{}, fmt.Errorf("npy: array %.80q: %w", name, err)
	}
	return array, nil
}

func (a *Archive) read(m *zip.File) (Array, error) {
	limit := a.Limit
	if limit == 0 {
		limit = spareBytes + usualGrowth*a.size
	}
	n := m.UncompressedSize64
	if n > uint64(limit) {
		return Array{}, fmt.Errorf("%w: it has %d bytes, the Limit for an archive of %d is %d", ErrFormat, n, a.size, limit)
	}
	if n > maxGrowth*m.CompressedSize64+maxGrowth {
		return Array{}, fmt.Errorf("%w: it says that %d bytes are %d when they are unpacked", ErrFormat, m.CompressedSize64, n)
	}
	r, err := m.Open()
	if err != nil {
		return Array{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer r.Close()
	data := make([]byte, n)
	if _, err := io.ReadFull(r, data); err != nil {
		return Array{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if _, err := io.ReadFull(r, make([]byte, 1)); err != io.EOF { // which checks the sum
		return Array{}, fmt.Errorf("%w: after %d bytes: %w", ErrFormat, n, cmp.Or(err, io.ErrShortBuffer))
	}
	return parse(data)
}

// Named is an array to write into an archive.
type Named struct {
	Name  string
	Array Array
}

// WriteArchive writes an archive, packed with deflate, which makes spikes
// small. The same arrays give the same bytes. A name that comes twice or is
// empty is an error.
func WriteArchive(w io.Writer, arrays ...Named) error {
	z := zip.NewWriter(w)
	seen := map[string]bool{"": true}
	for _, n := range arrays {
		if seen[n.Name] {
			return fmt.Errorf("npy: %w: two arrays are named %.80q, or one has no name", ErrFormat, n.Name)
		}
		seen[n.Name] = true
		data, err := n.Array.encode()
		var member io.Writer
		if err == nil {
			member, err = z.Create(n.Name + suffix)
		}
		if err == nil {
			_, err = member.Write(data)
		}
		if err != nil {
			return fmt.Errorf("npy: array %.80q: %w", n.Name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// WriteArchiveFile writes an archive into a file: all of it, or nothing. One of
// that name is replaced.
func WriteArchiveFile(path string, arrays ...Named) error {
	var b bytes.Buffer
	if err := WriteArchive(&b, arrays...); err != nil {
		return err
	}
	if err := atomicfile.Write(path, b.Bytes()); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}
