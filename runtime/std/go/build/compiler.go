package build

// The packages that a program of this compiler finds are those of Go's own: runtime.Compiler ("tinygo") names no layout
// of folders, build tag or way to ask for them.
func init() { Default.Compiler = "gc" }
