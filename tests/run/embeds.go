// go:embed: strings, bytes, trees of files.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

import "embed"

//go:embed embedded/hello.txt
var text string

//go:embed embedded/sub/*.txt
var bytes []byte

//go:embed embedded
var tree embed.FS

//go:embed embedded/*
//go:embed "embeds.out"
var more embed.FS

type page string

//go:embed all:embedded/sub
var sub embed.FS

//go:embed embedded/hello.txt
var named page

func list(fs embed.FS, dir string) {
	entries, err := fs.ReadDir(dir)
	if err != nil {
		println(dir, err.Error())
		return
	}
	for _, e := range entries {
		name := e.Name()
		if dir != "." {
			name = dir + "/" + name
		}
		if e.IsDir() {
			println(name + "/")
			list(fs, name)
			continue
		}
		data, err := fs.ReadFile(name)
		println(name, err == nil, name == "embeds.out" || len(data) < 10)
	}
}

func main() {
	print(text, string(named))
	bytes[0] = 'D'
	println(string(bytes), len(bytes), cap(bytes))
	list(tree, ".")
	list(more, ".")
	list(sub, ".")
	list(sub, "embedded/other")
	_, err := tree.ReadFile("embedded/.hidden")
	println(err.Error())
}
