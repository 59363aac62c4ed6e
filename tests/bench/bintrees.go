// Allocation and collection: binary trees of many depths, most of them garbage at once, one that lives throughout.
package main

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return new(tree)
	}
	return &tree{left: grow(depth - 1), right: grow(depth - 1)}
}

func (t *tree) nodes() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.nodes() + t.right.nodes()
}

func main() {
	const deepest = 16
	println("stretch", grow(deepest+1).nodes())
	keep := grow(deepest)
	for depth := 4; depth <= deepest; depth += 2 {
		trees := 1 << (deepest - depth + 3)
		sum := 0
		for range trees {
			sum += grow(depth).nodes()
		}
		println(trees, "trees of depth", depth, "have", sum)
	}
	println("kept", keep.nodes())
}
