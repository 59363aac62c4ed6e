// Command oracle parses and checks packages with everything that they import, as Go's own library does it, and prints the
// CPU time of that in seconds.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
}

type importer struct {
	known map[string]*types.Package
	names map[string]string
}

func (i importer) Import(path string) (*types.Package, error) {
	if name, ok := i.names[path]; ok {
		path = name
	}
	return i.known[path], nil
}

func main() {
	command := exec.Command("go", append([]string{"list", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap"}, os.Args[1:]...)...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	fail(err)
	fail(command.Start())
	var packages []listed
	for decoder := json.NewDecoder(out); decoder.More(); {
		var p listed
		fail(decoder.Decode(&p))
		packages = append(packages, p)
	}
	fail(command.Wait())

	start := seconds()
	files := token.NewFileSet()
	known := map[string]*types.Package{"unsafe": types.Unsafe}
	for _, p := range packages {
		if p.ImportPath == "unsafe" {
			continue
		}
		var trees []*ast.File
		for _, name := range p.GoFiles {
			tree, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			fail(err)
			trees = append(trees, tree)
		}
		config := types.Config{Importer: importer{known, p.ImportMap}, Sizes: types.SizesFor("gc", "amd64")}
		info := types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Instances:  map[*ast.Ident]types.Instance{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Implicits:  map[ast.Node]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
			Scopes:     map[ast.Node]*types.Scope{},
		}
		known[p.ImportPath], err = config.Check(p.ImportPath, files, trees, &info)
		fail(err)
	}
	fmt.Printf("%.3f\n", seconds()-start)
}

func seconds() float64 {
	var usage syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
