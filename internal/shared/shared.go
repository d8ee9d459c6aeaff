// Package shared finds the test data that is kept beside the module and not in
// it: recordings, and the vectors of the other frameworks.
package shared

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file or folder of the shared folder, which is
// $SPIKELANE_SHARED or else "shared" beside the folder that has go.work. A test whose
// data is absent is skipped; it fails if $CI is "true" or
// $SPIKELANE_REQUIRE_SHARED is set, so that data does not get lost unseen.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	dir := root(t)
	path := filepath.Join(append([]string{dir}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("SPIKELANE_REQUIRE_SHARED") != "" {
			t.Fatalf("shared test data is missing: %v", err)
		}
		skipped.Add(1)
		missing.Store(dir)
		t.Skipf("shared test data is missing: %v", err)
	}
	return path
}

func root(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("SPIKELANE_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("shared test data: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared")
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatalf("shared test data: no go.work above the working directory")
		}
		dir = parent
	}
}
