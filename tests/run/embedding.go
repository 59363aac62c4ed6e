// Embedding: promoted fields and methods, through pointers and interfaces, shadowing, method sets.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico
// not arduino: needs more than 2 KB of RAM
package main

type speaker interface{ speak() string }
type walker interface{ walk() int }
type animal interface {
	speaker
	walker
}

type legs struct{ n int }

func (l *legs) grow()    { l.n++ }
func (l legs) walk() int { return l.n }

type body struct {
	legs
	name string
}

func (b body) speak() string { return b.name + "?" }

type dog struct {
	*body
	age int
}

func (d dog) speak() string { return d.name + "!" + d.body.speak() }

type loud struct{ speaker }

func (l loud) shout() string { return l.speak() + l.speak() }

type robot struct {
	speaker
	walker
	name string
}

type deep struct{ dog }

func main() {
	d := dog{&body{legs{4}, "rex"}, 3}
	d.grow()
	d.legs.n++
	println(d.n, d.walk(), d.speak(), d.body.name)
	var a animal = d
	println(a.walk(), a.speak())
	d.grow()
	println(a.walk())
	println(loud{a}.shout(), loud{d.body}.shout())
	r := robot{walker: legs{2}, speaker: loud{d}, name: "r"}
	a = r
	println(a.walk(), a.speak(), r.name)
	x := deep{d}
	a = &x
	x.age = 9
	println(a.speak(), x.dog.age, x.n)
	f := x.grow
	f()
	println(a.walk(), deep.walk(x), (*legs).walk(&x.legs))
	_, isLoud := a.(interface{ shout() string })
	_, isGrower := a.(interface{ grow() })
	println(isLoud, isGrower)
	var s speaker
	defer func() {
		println(recover() != nil)
		println(s == nil)
	}()
	println(loud{s}.shout())
}
