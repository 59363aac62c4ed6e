// The facts of go/types about every expression of the packages in the arguments and of all that they import, for
// comparison. Run by the suite `types::facts`, whose Rust side writes types in the same notation: aliases resolved,
// parameters without names, type parameters by index, interfaces by their methods.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
}

func main() {
	args := append([]string{"list", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap"}, os.Args[1:]...)
	command := exec.Command("go", args...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, "go list:", err)
		os.Exit(1)
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	done := map[string]*types.Package{"unsafe": types.Unsafe}
	decoder := json.NewDecoder(bytes.NewReader(output))
	for decoder.More() {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if p.ImportPath != "unsafe" {
			check(out, p, done)
		}
	}
}

type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

func check(out *bufio.Writer, p listed, done map[string]*types.Package) {
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		files = append(files, file)
	}
	config := types.Config{
		Sizes: types.SizesFor("gc", "amd64"),
		Error: func(err error) { fmt.Fprintln(os.Stderr, err) },
		Importer: importer(func(path string) (*types.Package, error) {
			if mapped := p.ImportMap[path]; mapped != "" {
				path = mapped
			}
			if found := done[path]; found != nil {
				return found, nil
			}
			return nil, fmt.Errorf("%s is not loaded", path)
		}),
	}
	info := &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Instances:  map[*ast.Ident]types.Instance{},
	}
	done[p.ImportPath], _ = config.Check(p.ImportPath, set, files, info)
	fmt.Fprintf(out, "package %s\n", p.ImportPath)
	for i, file := range files {
		fmt.Fprintf(out, "file %s\n", p.GoFiles[i])
		w := &walker{out: out, info: info, file: set.File(file.Pos())}
		ast.Inspect(file, w.visit)
	}
}

type walker struct {
	out  *bufio.Writer
	info *types.Info
	file *token.File
}

func (w *walker) visit(node ast.Node) bool {
	e, ok := node.(ast.Expr)
	if !ok {
		return true
	}
	fact, ok := w.info.Types[e]
	kind := letter(e)
	if !ok || kind == 0 || fact.IsBuiltin() {
		return true
	}
	var mode byte
	switch {
	case fact.IsVoid():
		mode = '0'
	case fact.IsType():
		mode = 't'
	case fact.Value != nil:
		mode = 'c'
	case fact.Addressable():
		mode = 'a'
	default:
		mode = 'v'
	}
	t := "-"
	if mode != '0' && !fact.IsNil() {
		t = typeString(value(e, fact.Type))
	}
	fmt.Fprintf(w.out, "%d %d %c %c %s", w.file.Offset(e.Pos()), w.file.Offset(e.End()), kind, mode, t)
	if fact.Value != nil {
		fmt.Fprintf(w.out, " =%s", constantString(fact.Value))
	}
	if sel, ok := e.(*ast.SelectorExpr); ok {
		if s := w.info.Selections[sel]; s != nil {
			fmt.Fprintf(w.out, " .%d%v", s.Kind(), s.Index())
		}
		w.instance(sel.Sel)
	}
	if id, ok := e.(*ast.Ident); ok {
		w.instance(id)
	}
	w.out.WriteByte('\n')
	return true
}

func (w *walker) instance(id *ast.Ident) {
	instance, ok := w.info.Instances[id]
	if !ok {
		return
	}
	if _, ok := instance.Type.(*types.Signature); !ok {
		return
	}
	fmt.Fprintf(w.out, " [%s]", list(instance.TypeArgs.Len(), instance.TypeArgs.At))
}

// The first value of a two-value form.
func value(e ast.Expr, t types.Type) types.Type {
	tuple, ok := t.(*types.Tuple)
	if _, call := ast.Unparen(e).(*ast.CallExpr); ok && !call && tuple.Len() == 2 {
		return tuple.At(0).Type()
	}
	return t
}

func letter(e ast.Expr) byte {
	switch e.(type) {
	case *ast.Ident:
		return 'n'
	case *ast.BasicLit:
		return 'l'
	case *ast.CompositeLit:
		return 'C'
	case *ast.FuncLit:
		return 'f'
	case *ast.ParenExpr:
		return 'p'
	case *ast.SelectorExpr:
		return 's'
	case *ast.IndexExpr, *ast.IndexListExpr:
		return 'i'
	case *ast.SliceExpr:
		return 'S'
	case *ast.TypeAssertExpr:
		return 'A'
	case *ast.CallExpr:
		return 'c'
	case *ast.StarExpr:
		return 'd'
	case *ast.UnaryExpr:
		return 'u'
	case *ast.BinaryExpr:
		return 'b'
	case *ast.ArrayType, *ast.StructType, *ast.MapType, *ast.ChanType, *ast.InterfaceType:
		return 'T'
	}
	return 0
}

func constantString(v constant.Value) string {
	switch v.Kind() {
	case constant.Bool:
		return v.String()
	case constant.String:
		sum := uint64(14695981039346656037)
		for _, b := range []byte(constant.StringVal(v)) {
			sum = (sum ^ uint64(b)) * 1099511628211
		}
		return fmt.Sprintf("s%x", sum)
	case constant.Complex:
		if constant.Sign(constant.Imag(v)) == 0 {
			return constantString(constant.Real(v))
		}
		return "(" + constantString(constant.Real(v)) + "," + constantString(constant.Imag(v)) + ")"
	}
	if n := constant.ToInt(v); n.Kind() == constant.Int {
		return n.ExactString()
	}
	f, _ := constant.Float64Val(v)
	return fmt.Sprintf("f%x", math.Float64bits(f))
}

func list(n int, at func(int) types.Type) string {
	var parts []string
	for i := range n {
		parts = append(parts, typeString(at(i)))
	}
	return strings.Join(parts, ",")
}

func tuple(t *types.Tuple) string {
	return "(" + list(t.Len(), func(i int) types.Type { return t.At(i).Type() }) + ")"
}

func name(pkg *types.Package, name string) string {
	if pkg == nil {
		return name
	}
	return pkg.Path() + "." + name
}

func typeString(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch t.Kind() {
		case types.Uint8:
			return "uint8"
		case types.Int32:
			return "int32"
		}
		return strings.ReplaceAll(t.String(), " ", "_")
	case *types.Pointer:
		return "*" + typeString(t.Elem())
	case *types.Slice:
		return "[]" + typeString(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), typeString(t.Elem()))
	case *types.Map:
		return "map[" + typeString(t.Key()) + "]" + typeString(t.Elem())
	case *types.Chan:
		return []string{"chan", "chan<-", "<-chan"}[t.Dir()] + "(" + typeString(t.Elem()) + ")"
	case *types.Tuple:
		return tuple(t)
	case *types.Signature:
		variadic := ""
		if t.Variadic() {
			variadic = "..."
		}
		return fmt.Sprintf("func<%d>%s%s%s", t.TypeParams().Len(), tuple(t.Params()), variadic, tuple(t.Results()))
	case *types.Struct:
		var parts []string
		for i := range t.NumFields() {
			f := t.Field(i)
			part := f.Name() + ":" + typeString(f.Type())
			if f.Embedded() {
				part = "!" + part
			}
			parts = append(parts, part)
		}
		return "struct{" + strings.Join(parts, ";") + "}"
	case *types.Interface:
		var parts []string
		for i := range t.NumMethods() {
			m := t.Method(i)
			parts = append(parts, m.Name()+typeString(m.Type()))
		}
		sort.Strings(parts)
		return "interface{" + strings.Join(parts, ";") + "}"
	case *types.TypeParam:
		return fmt.Sprintf("$%d", t.Index())
	case *types.Named:
		s := name(t.Obj().Pkg(), t.Obj().Name())
		if args := t.TypeArgs(); args.Len() > 0 {
			return s + "[" + list(args.Len(), args.At) + "]"
		}
		if params := t.TypeParams(); params.Len() > 0 {
			return s + "[" + list(params.Len(), func(i int) types.Type { return params.At(i) }) + "]"
		}
		return s
	}
	return fmt.Sprintf("%T", t)
}
