// What package reflect says of unexported methods and their packages, methods as functions, structs that end with a
// field without a size, conversions of structs without fields, slices at addresses, what a select by reflection received.
//
// run: host wasip1 riscv-qemu
// not cortex-m-qemu: does not fit its flash at -opt=0
package main

import (
	"reflect"
	"unsafe"
)

type shape interface {
	sides() int
	Name() string
}

type square struct{ a int8 }

func (*square) sides() int   { return 4 }
func (*square) Name() string { return "square" }
func (*square) secret()      {}

// Its method common is one of package reflect, sides one of this package.
type wrapped struct{ reflect.Type }

func (wrapped) sides() int { return 0 }

type inner struct{ x int16 }

func (i *inner) Get() int16             { return i.x }
func (i *inner) Add(n int16) (r int16)  { i.x += n; return i.x }
func (i inner) Sum(more ...int16) int16 { return i.x + int16(len(more)) }

type middle struct {
	pad int8
	*inner
}

type outer struct {
	y int32
	middle
}

type tailed struct {
	a int8
	b [0]int32
}

type nothing struct{}

type public struct{ A, B int8 }

func panics(f func()) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	f()
	return false
}

func methods() {
	t := reflect.TypeFor[*square]()
	println(t.NumMethod(), t.Method(0).Name, t.Method(0).IsExported())
	println(t.Implements(reflect.TypeFor[shape]()), t.Implements(reflect.TypeFor[interface{ secret(int) }]()))
	_, found := t.MethodByName("secret")
	println(found)

	of := reflect.TypeFor[interface {
		shape
		other()
	}]()
	for i := range of.NumMethod() {
		m := of.Method(i)
		println(m.Name, m.PkgPath, m.IsExported())
	}

	w := reflect.TypeFor[wrapped]()
	println(w.Implements(reflect.TypeFor[reflect.Type]()), w.Implements(reflect.TypeFor[interface{ sides() int }]()))
	println(w.Implements(reflect.TypeFor[interface{ common() }]()))
	println(reflect.TypeFor[struct{ reflect.Type }]().Implements(reflect.TypeFor[reflect.Type]()))
}

func promoted() {
	t := reflect.TypeFor[*outer]()
	println(t.NumMethod())
	for i, f := range []any{(*outer).Add, (*outer).Get, (*outer).Sum} {
		m := t.Method(i)
		println(m.Name, m.Type.NumIn(), m.Func.UnsafePointer() == reflect.ValueOf(f).UnsafePointer())
	}
	o := &outer{1, middle{2, &inner{3}}}
	add := t.Method(0).Func.Interface().(func(*outer, int16) int16)
	println(add(o, 4), t.Method(1).Func.Call([]reflect.Value{reflect.ValueOf(o)})[0].Int())
	sum := reflect.TypeFor[outer]().Method(2)
	two := []reflect.Value{reflect.ValueOf(*o), reflect.ValueOf(int16(1)), reflect.ValueOf(int16(1))}
	println(sum.Name, sum.Func.Call(two)[0].Int(), sum.Func.Interface().(func(outer, ...int16) int16)(*o, 1))
	println(reflect.ValueOf(o).MethodByName("Get").Call(nil)[0].Int())
}

func layouts() {
	made := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeFor[int8]()},
		{Name: "B", Type: reflect.TypeFor[[0]int32]()},
	})
	println(made.Size(), reflect.TypeFor[tailed]().Size(), unsafe.Sizeof(tailed{}))
	pair := [2]tailed{{a: 1}, {a: 2}}
	println(uintptr(unsafe.Pointer(&pair[0].b)) < uintptr(unsafe.Pointer(&pair[1])), pair[1].a)

	println(reflect.TypeFor[nothing]().ConvertibleTo(reflect.TypeFor[struct{}]()))
	println(reflect.ValueOf(struct{}{}).Convert(reflect.TypeFor[nothing]()).Type().String())
	println(reflect.TypeFor[public]().ConvertibleTo(reflect.TypeFor[struct{ A, B int8 }]()))
}

func slices() {
	var array [10]int8
	s := reflect.SliceAt(reflect.TypeFor[int8](), unsafe.Pointer(&array[2]), 4)
	s.Index(1).SetInt(5)
	println(s.Len(), s.Cap(), array[3])
	println(reflect.SliceAt(reflect.TypeFor[int8](), nil, 0).IsNil())
	for _, bad := range []struct {
		at unsafe.Pointer
		n  int
	}{{nil, 1}, {unsafe.Pointer(&array), -1}, {unsafe.Pointer(&array), int(^uint(0) >> 1)}} {
		println(panics(func() { reflect.SliceAt(reflect.TypeFor[int64](), bad.at, bad.n) }))
	}
}

func selects() {
	sent := make(chan int8, 1)
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectSend, Chan: reflect.ValueOf(sent), Send: reflect.ValueOf(int8(1))},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf((chan int8)(nil))},
	}
	chosen, v, ok := reflect.Select(cases)
	println(chosen, v.IsValid(), ok, <-sent)
}

func main() {
	methods()
	promoted()
	layouts()
	slices()
	selects()
}
