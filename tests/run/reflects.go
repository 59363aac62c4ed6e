// Package reflect: calls, methods, functions made at run time, types made at run time, select, conversion, iteration.
//
// run: host wasip1 riscv-qemu
// stress: host wasip1
package main

import (
	"reflect"
	"strings"
)

type shape interface {
	Area() int
	Scale(by int, names ...string) string
}

type rect struct {
	W, H int
	note string
}

func (r rect) Area() int                  { return r.W * r.H }
func (r *rect) Grow(n int)                { r.W += n; r.H += n }
func (r rect) hidden() int                { return 0 }
func (r rect) Pair() (int, string, error) { return r.W, "h", nil }
func (r rect) Scale(by int, names ...string) string {
	return strings.Repeat("x", by*r.W) + strings.Join(names, "+")
}

type Base struct{ ID int }

func (b Base) Ident() int { return b.ID }

type derived struct {
	Base
	Name string `json:"name,omitempty" xml:"n"`
}

type small int8

func (s small) Twice() small { return s * 2 }

type big struct {
	a [5]int64
	s string
	f float64
}

func sum(a int, b float64, c string, rest ...int) (int, string) {
	for _, r := range rest {
		a += r
	}
	return a + int(b), c + "!"
}

func bigs(x big, y *int, z any, w small, u uint8, c complex128) (big, any, small) {
	x.a[0] += int64(*y)
	x.s += "+"
	return x, z, w + small(u)
}

func values(list ...any) []reflect.Value {
	out := make([]reflect.Value, len(list))
	for i, v := range list {
		out[i] = reflect.ValueOf(v)
	}
	return out
}

func attempt(f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			println("no panic")
		case error:
			println("panic:", r.Error())
		case string:
			println("panic:", r)
		}
	}()
	f()
}

func main() {
	// Calls.
	out := reflect.ValueOf(sum).Call(values(1, 2.5, "c", 10, 20))
	println(len(out), out[0].Int(), out[1].String())
	out = reflect.ValueOf(sum).CallSlice(values(1, 2.5, "c", []int{5}))
	println(out[0].Int(), out[1].String())
	n := 7
	out = reflect.ValueOf(bigs).Call(values(big{[5]int64{1, 2, 3, 4, 5}, "s", 2.5}, &n, "z", small(3), uint8(4), 1+2i))
	b := out[0].Interface().(big)
	println(b.a[0], b.a[4], b.s, b.f == 2.5, out[1].Elem().String(), out[2].Int())
	count := 0
	reflect.ValueOf(func() { count++ }).Call(nil)
	println(count)
	attempt(func() { reflect.ValueOf(sum).Call(values(1)) })
	attempt(func() { reflect.ValueOf(sum).Call(values("a", 2.5, "c")) })
	attempt(func() { reflect.ValueOf(sum).CallSlice(values(1, 2.5, "c")) })
	attempt(func() { reflect.ValueOf(func() { panic("inside") }).Call(nil) })

	// Methods.
	r := &rect{2, 3, ""}
	v := reflect.ValueOf(r)
	t := v.Type()
	println(t.String(), t.NumMethod(), t.Elem().NumMethod())
	for i := 0; i < t.NumMethod(); i++ {
		println(t.Method(i).Name, t.Method(i).Type.String(), v.Method(i).Type().String())
	}
	v.MethodByName("Grow").Call(values(1))
	println(v.MethodByName("Area").Call(nil)[0].Int(), r.W, r.H)
	println(v.Elem().MethodByName("Scale").Call(values(2, "a", "b"))[0].String())
	println(v.MethodByName("None").IsValid())
	three := v.MethodByName("Pair").Call(nil)
	println(len(three), three[0].Int(), three[1].String(), three[2].IsNil(), three[2].Type().String())
	area := v.MethodByName("Area").Interface().(func() int)
	r.W = 100
	println(area())
	valueArea := reflect.ValueOf(*r).MethodByName("Area").Interface().(func() int)
	r.W = 1
	println(valueArea(), area())
	var s shape = r
	sv := reflect.ValueOf(&s).Elem()
	println(sv.Kind() == reflect.Interface, sv.NumMethod(), sv.Method(0).Call(nil)[0].Int(), sv.Type().Method(1).Name)
	m, ok := t.MethodByName("Area")
	println(ok, m.Index, m.Func.Call([]reflect.Value{v})[0].Int())
	println(m.Func.Interface().(func(*rect) int)(&rect{5, 5, ""}))
	println(reflect.ValueOf(small(21)).Method(0).Call(nil)[0].Int())
	println(reflect.ValueOf(derived{Base{9}, ""}).MethodByName("Ident").Call(nil)[0].Int())
	println(t.Implements(reflect.TypeFor[shape]()), t.Elem().Implements(reflect.TypeFor[shape]()), reflect.TypeOf(1).Implements(reflect.TypeFor[error]()))

	// Functions made at run time.
	swap := func(args []reflect.Value) []reflect.Value { return []reflect.Value{args[1], args[0]} }
	var ints func(int, int) (int, int)
	reflect.ValueOf(&ints).Elem().Set(reflect.MakeFunc(reflect.TypeOf(ints), swap))
	a1, a2 := ints(1, 2)
	println(a1, a2)
	var mixed func(string, big) (big, string)
	reflect.ValueOf(&mixed).Elem().Set(reflect.MakeFunc(reflect.TypeOf(mixed), swap))
	g, str := mixed("str", big{s: "big", f: 4})
	println(g.s, g.f == 4, str)
	variadic := reflect.MakeFunc(reflect.TypeOf(func(string, ...int) int { return 0 }), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(args[1].Len())}
	})
	println(variadic.Interface().(func(string, ...int) int)("", 1, 2, 3), variadic.Call(values("", 4, 5))[0].Int())
	attempt(func() {
		reflect.MakeFunc(reflect.TypeOf(ints), func([]reflect.Value) []reflect.Value { return nil }).Call(values(1, 2))
	})
	unseen := reflect.FuncOf([]reflect.Type{reflect.TypeOf(int16(0)), reflect.TypeOf("")}, []reflect.Type{reflect.TypeOf([3]int8{})}, false)
	made := reflect.MakeFunc(unseen, func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf([3]int8{int8(args[0].Int()), int8(args[1].Len()), 3})}
	})
	res := made.Call(values(int16(5), "four"))[0]
	println(unseen.String(), res.Index(0).Int(), res.Index(1).Int())
	println(reflect.FuncOf([]reflect.Type{reflect.TypeOf(0)}, nil, false) == reflect.TypeOf(func(int) {}))

	// Types made at run time.
	mt := reflect.MapOf(reflect.TypeOf(small(0)), reflect.TypeOf(rect{}))
	mv := reflect.MakeMap(mt)
	mv.SetMapIndex(reflect.ValueOf(small(3)), reflect.ValueOf(rect{3, 3, ""}))
	mv.SetMapIndex(reflect.ValueOf(small(4)), reflect.ValueOf(rect{4, 4, ""}))
	mv.SetMapIndex(reflect.ValueOf(small(3)), reflect.Value{})
	println(mt.String(), mv.Len(), mv.MapIndex(reflect.ValueOf(small(4))).Field(0).Int(), mv.MapIndex(reflect.ValueOf(small(3))).IsValid())
	println(reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(0)) == reflect.TypeOf(map[string]int{}))
	attempt(func() { reflect.MapOf(reflect.TypeOf([]int{}), reflect.TypeOf(0)) })
	sm := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(struct {
		A string
		B float64
	}{}), reflect.TypeOf(true)))
	sm.SetMapIndex(reflect.ValueOf(struct {
		A string
		B float64
	}{"k", 0}), reflect.ValueOf(true))
	println(sm.Len(), sm.MapKeys()[0].Field(0).String())
	sl := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(rect{})), 2, 5)
	sl.Index(1).Field(1).SetInt(8)
	sl = reflect.Append(sl, reflect.ValueOf(rect{1, 1, ""}))
	println(sl.Type().String(), sl.Len(), sl.Cap(), sl.Interface().([]rect)[1].H)
	arr := reflect.New(reflect.ArrayOf(7, reflect.TypeOf(uint16(0)))).Elem()
	arr.Index(6).SetUint(9)
	println(arr.Type().String(), arr.Len(), arr.Type().Size(), arr.Interface() == any([7]uint16{6: 9}))
	st := reflect.StructOf([]reflect.StructField{
		{Name: "X", Type: reflect.TypeOf(0), Tag: `k:"v"`},
		{Name: "Y", Type: reflect.TypeOf("")},
	})
	sx := reflect.New(st).Elem()
	sx.Field(0).SetInt(4)
	sx.Field(1).SetString("why")
	println(st.String(), sx.Field(0).Int(), sx.FieldByName("Y").String(), st.Field(0).Tag.Get("k"))
	ct := reflect.ChanOf(reflect.BothDir, reflect.TypeOf(""))
	cv := reflect.MakeChan(ct, 2)
	cv.Send(reflect.ValueOf("one"))
	println(ct.String(), cv.TrySend(reflect.ValueOf("two")), cv.TrySend(reflect.ValueOf("three")), cv.Len())
	x, ok := cv.Recv()
	println(x.String(), ok)
	cv.Close()
	x, ok = cv.Recv()
	println(x.String(), ok)
	x, ok = cv.Recv()
	println(x.String(), ok)
	println(reflect.PointerTo(reflect.TypeOf(derived{})).String(), reflect.PointerTo(st).Elem() == st)

	// Select.
	c1, c2 := make(chan int, 1), make(chan string, 1)
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c1)},
		{Dir: reflect.SelectSend, Chan: reflect.ValueOf(c2), Send: reflect.ValueOf("sent")},
		{Dir: reflect.SelectDefault},
	}
	chosen, _, _ := reflect.Select(cases)
	println(chosen, <-c2)
	c2 <- "full"
	chosen, _, _ = reflect.Select(cases)
	println(chosen)
	c1 <- 5
	chosen, rv, ok := reflect.Select(cases)
	println(chosen, rv.Int(), ok)

	// Conversion, comparison, iteration.
	println(reflect.ValueOf(65).Convert(reflect.TypeOf("")).String(), reflect.ValueOf(3.9).Convert(reflect.TypeOf(small(0))).Int())
	println(reflect.ValueOf([]byte("by")).Convert(reflect.TypeOf("")).String(), reflect.ValueOf("r").Convert(reflect.TypeOf([]rune{})).Len())
	println(reflect.ValueOf(r).Convert(reflect.TypeFor[shape]()).Type().String(), reflect.ValueOf([]int{1, 2}).Convert(reflect.TypeOf([2]int{})).Len())
	attempt(func() { reflect.ValueOf("x").Convert(reflect.TypeOf(1.5)) })
	println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual([]any{1, "x"}, []any{1, "y"}), reflect.DeepEqual(r, &rect{1, 4, ""}))
	for i := range reflect.ValueOf(3).Seq() {
		print(i.Int(), " ")
	}
	for k, e := range reflect.ValueOf([]string{"a", "b"}).Seq2() {
		print(k.Int(), e.String(), " ")
	}
	println()
	d := derived{Base{1}, "n"}
	dt := reflect.TypeOf(d)
	f, _ := dt.FieldByName("ID")
	println(dt.NumField(), dt.Field(0).Anonymous, dt.Field(1).Tag.Get("xml"), len(f.Index), reflect.ValueOf(d).FieldByName("ID").Int())
	for _, f := range reflect.VisibleFields(dt) {
		print(f.Name, " ")
	}
	println(dt.PkgPath(), dt.Name(), reflect.TypeOf(map[string]error{}).String())
	it := reflect.ValueOf(map[int]string{1: "one"}).MapRange()
	for it.Next() {
		println(it.Key().Int(), it.Value().String())
	}
	println(reflect.ValueOf(d).Field(1).CanSet(), reflect.ValueOf(&rect{}).Elem().Field(2).CanSet(), reflect.ValueOf(&rect{}).Elem().Field(1).CanSet())
	attempt(func() { reflect.ValueOf(1).Len() })
	reflect.Swapper([]int{1, 2})(0, 1)
	println(reflect.Zero(dt).Field(1).String() == "", reflect.ValueOf(&d).Elem().IsZero(), reflect.ValueOf(c1).Pointer() != 0)
}
