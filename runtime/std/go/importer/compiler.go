package importer

import (
	"go/build"
	"go/internal/gccgoimporter"
	"go/internal/srcimporter"
	"go/token"
	"go/types"
)

// ForCompiler returns an importer of what a compiler left of its packages, or nil for one that is not known; "source"
// asks for the packages' own text. This compiler ("tinygo") leaves nothing, and is asked for as runtime.Compiler by
// programs that want the packages they were built with: those are what `go list -export` finds, as for "gc".
func ForCompiler(fset *token.FileSet, compiler string, lookup Lookup) types.Importer {
	known := map[string]*types.Package{}
	if compiler == "gc" || compiler == "tinygo" {
		return &gcimports{fset, known, lookup}
	}
	if compiler == "source" {
		if lookup != nil {
			panic("go/importer: the importer of sources finds packages itself: lookup must be nil")
		}
		return srcimporter.New(&build.Default, fset, known)
	}
	var installed gccgoimporter.GccgoInstallation
	if compiler != "gccgo" || installed.InitFromDriver(compiler) != nil {
		return nil
	}
	return &gccgoimports{known, installed.GetImporter(nil, nil), lookup}
}
