// Files, folders, environment, arguments, exit.
//
// run: host
// opt: z
// exit: 3
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func check(err error) {
	if err != nil {
		println("error:", err.Error())
	}
}

func main() {
	dir, err := os.MkdirTemp("", "files")
	check(err)
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "a.txt")
	check(os.WriteFile(name, []byte("one\ntwo\nthree\n"), 0o644))
	b, err := os.ReadFile(name)
	println(len(b), err == nil)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0)
	check(err)
	fmt.Fprintf(f, "%s %d\n", "four", 4)
	at, err := f.Seek(4, io.SeekStart)
	println(at, err == nil)
	s := bufio.NewScanner(f)
	for s.Scan() {
		println(s.Text())
	}
	info, err := f.Stat()
	println(info.Name(), info.Size(), info.Mode().String(), info.IsDir(), err == nil)
	check(f.Truncate(3))
	var three [8]byte
	n, err := f.ReadAt(three[:], 0)
	println(n, err == io.EOF, string(three[:n]))
	check(f.Close())
	println(f.Close().Error() != "")
	_, err = os.Open(filepath.Join(dir, "missing"))
	println(errors.Is(err, fs.ErrNotExist), strings.HasSuffix(err.Error(), "missing: no such file or directory"))
	check(os.MkdirAll(filepath.Join(dir, "x", "y"), 0o755))
	check(os.Rename(name, filepath.Join(dir, "x", "b.txt")))
	check(os.Symlink("b.txt", filepath.Join(dir, "x", "link")))
	entries, err := os.ReadDir(filepath.Join(dir, "x"))
	for _, e := range entries {
		println(e.Name(), e.IsDir(), e.Type().String())
	}
	filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, p)
		println("walk", rel, d.IsDir())
		return err
	})
	matches, _ := fs.Glob(os.DirFS(dir), "x/*.txt")
	println(len(matches), matches[0])
	check(os.Remove(filepath.Join(dir, "x", "link")))
	err = os.Remove(filepath.Join(dir, "x"))
	println(err != nil)
	os.Setenv("FILES_TEST", "value")
	v, ok := os.LookupEnv("FILES_TEST")
	println(v, ok, os.ExpandEnv("<$FILES_TEST>"), os.Getenv("NO_SUCH_VARIABLE") == "", len(os.Args), os.Getenv("PATH") != "")
	wd, err := os.Getwd()
	println(wd != "", err == nil, os.Getpid() > 0)
	r, w, err := os.Pipe()
	w.WriteString("through a pipe")
	w.Close()
	b, err = io.ReadAll(r)
	println(string(b), err == nil)
	os.RemoveAll(dir)
	_, err = os.Stat(dir)
	println(os.IsNotExist(err))
	os.Exit(3)
}
