package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// result is a mode of a framework against us.
type result struct {
	cell
	Theirs time.Duration `json:"theirs_ns"`
	Ours   time.Duration `json:"ours_ns"`
	Memory int           `json:"their_memory_kib"` // the most that the process had
}

func (r result) ratio() float64 { return float64(r.Theirs) / float64(r.Ours) }

// results are those of every comparison, by its key.
type results map[string][]result

// key names a comparison in a file of results.
func (c comparison) key() string { return fmt.Sprintf("%s, %d threads", c.name, c.threads) }

// readResults reads a file; one that is not there has none.
func readResults(path string) (results, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return results{}, nil
	}
	if err != nil {
		return nil, err
	}
	r := results{}
	return r, json.Unmarshal(text, &r)
}

func (r results) write(path string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// rows are those comparisons that have results.
func (r results) rows(all []comparison) []row {
	var rows []row
	for _, c := range all {
		if list := r[c.key()]; len(list) > 0 {
			rows = append(rows, row{c, list})
		}
	}
	return rows
}
