// Slices of arrays, strings and slices by package reflect; how it spells struct types; methods of pointers that it makes.
//
// run: host wasip1 cortex-m-qemu riscv-qemu
package main

import "reflect"

type speaker interface{ Speak() string }

type dog struct{}

func (dog) Speak() string { return "woof" }

type table map[string]int

func (t table) Len() int { return len(t) }

type pair struct{ a, b int8 }

func try(what string, f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			println(what, "did not panic")
		case error:
			println(what, r.Error())
		case string:
			println(what, r)
		}
	}()
	f()
}

func main() {
	array := [5]int16{1, 2, 3, 4, 5}
	v := reflect.ValueOf(&array).Elem()
	s := v.Slice(1, 3)
	part, ok := s.Interface().([]int16)
	println(s.Type().String(), s.Len(), s.Cap(), ok, part[0], part[1])
	s.Index(0).SetInt(20)
	println(array[1])
	s = v.Slice3(1, 2, 3)
	println(s.Len(), s.Cap(), s.Slice(1, 2).Index(0).Int())
	println(v.Slice(5, 5).Len(), v.Slice(5, 5).Cap())

	pairs := [2]pair{{1, 2}, {3, 4}}
	p := reflect.ValueOf(&pairs).Elem().Slice(1, 2)
	println(p.Type().String(), p.Index(0).Field(1).Int())

	text := reflect.ValueOf("hello").Slice(1, 4)
	println(text.String(), text.Type().String())
	println(reflect.TypeOf(struct{}{}).String(), reflect.TypeOf(struct{ a []struct{} }{}).String())

	of := reflect.ValueOf(struct{ speaker }{dog{}})
	pointer := reflect.New(of.Type())
	pointer.Elem().Set(of)
	s2, ok := pointer.Interface().(speaker)
	println(ok, s2.Speak())

	lener := reflect.TypeFor[interface{ Len() int }]()
	tables := reflect.TypeOf(table{})
	println(tables.Implements(lener), reflect.PointerTo(tables).Implements(lener), tables.NumMethod())
	println(tables.Method(0).Func.Call([]reflect.Value{reflect.ValueOf(table{"a": 1})})[0].Int())

	try("unaddressable", func() { reflect.ValueOf(array).Slice(0, 1) })
	try("bounds", func() { v.Slice(3, 6) })
	try("bounds", func() { v.Slice3(3, 2, 4) })
	try("string", func() { reflect.ValueOf("x").Slice(1, 3) })
	try("kind", func() { reflect.ValueOf(1).Slice(0, 0) })
	try("kind", func() { reflect.ValueOf("x").Slice3(0, 0, 0) })
}
