// Variables that nothing writes are constants, wherever their addresses go; those that somebody writes are not.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

type entry struct {
	name string
	data []int32
	next *entry
}

var (
	read    = []int32{1, 2, 3}
	written = []int32{1, 2, 3}
	nested  = []entry{{"a", []int32{10, 20}, nil}, {"b", []int32{30, 40}, &last}}
	last    = entry{"last", []int32{5}, nil}
	kept    = []int32{7, 8}
	given   = [4]int32{1, 2, 3, 4}
	swapped = []int32{1, 2}
	chosen  = []int32{100}
)

type holder struct{ data []int32 }

//go:noinline
func sum(data []int32) (total int32) {
	for _, n := range data {
		total += n
	}
	return total
}

//go:noinline
func double(data []int32) {
	for i := range data {
		data[i] *= 2
	}
}

//go:noinline
func same(data []int32) []int32 { return data }

//go:noinline
func through(f func([]int32), data []int32) { f(data) }

//go:noinline
func keep(data []int32) *holder { return &holder{data} }

//go:noinline
func pointer() *[4]int32 { return &given }

type doubler interface{ double([]int32) }

type byMethod struct{}

func (byMethod) double(data []int32) { double(data) }

//go:noinline
func pick(first bool) []int32 {
	if first {
		return read
	}
	return chosen
}

func main() {
	println(sum(read), sum(same(read)))
	double(same(written))
	println(sum(written))
	for _, e := range nested {
		println(e.name, sum(e.data), e.next != nil)
	}
	nested[1].next.data[0]++
	println(last.data[0])
	h := keep(kept)
	h.data[1] = 70
	println(sum(kept))
	get := pointer
	get()[2] = 30
	println(sum(given[:]))
	through(func(data []int32) { data[0], data[1] = data[1], data[0] }, swapped)
	println(swapped[0], swapped[1])
	var d doubler = byMethod{}
	d.double(pick(false))
	println(sum(pick(true)), sum(pick(false)))
}
