// Types that package reflect is asked about after their values went through all kinds of memory: of others, descriptors keep
// no more than what tells them apart.
//
// run: host wasip1 cortex-m-qemu riscv-qemu linux/arm64 linux/386
// stress: wasip1
package main

import (
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
)

type inChannel struct{ A1 int }
type inMap struct{ A2 string }
type asKey struct{ A3 byte }
type inSlice struct{ A4 []int }
type appended struct{ A5 float64 }
type inField struct{ A6 *int }
type behindPointer struct{ A7 any }
type captured struct{ A8 func() }
type panicked struct{ A9 bool }
type inAtomic struct{ B1 int8 }
type inSyncMap struct{ B2 uint }
type inPool struct{ B3 [2]string }
type variadic struct{ B4 map[string]int }
type selected struct{ B5 chan int }
type inGoroutine struct{ B6 error }
type inArray struct{ B7 complex64 }
type nested struct{ B8 struct{ B9 *inNested } }
type inNested struct{ C1 rune }
type copied struct{ C2 uint16 }
type generic[T any] struct{ C3 T }
type asError struct{ C4 int }
type wrapped struct{ C5 any }
type deferred struct{ C6 int }
type inGlobal struct{ C7 int }
type viaMethod struct{ C8 int }
type made struct {
	C9 any
	D1 []any
	D2 map[string]any
}
type inMade struct{ D3 int }
type asserted struct{ D4 int }

func (asError) Error() string      { return "asError" }
func (v viaMethod) get() any       { return v }
func (asserted) Hidden() string    { return "hidden" }
func (*asserted) Pointer() string  { return "pointer" }
func (inNested) unexported() error { return nil }

// look says what reflection sees of a value.
func look(what string, v any) {
	t := reflect.TypeOf(v)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	println(what, t.String(), t.Kind().String())
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			f := t.Field(i)
			println("   ", f.Name, f.Type.String())
		}
	}
}

type box struct {
	first int
	value any
	err   error
}

type holder interface{ get() any }

var global any = inGlobal{1}

func lookAll(what string, values ...any) {
	for _, v := range values {
		look(what, v)
	}
}

func throughPanic() (v any) {
	defer func() { v = recover() }()
	panic(panicked{true})
}

func new2[T any](v T) any { return &generic[T]{v} }

func main() {
	ch := make(chan any, 1)
	ch <- inChannel{1}
	look("channel", <-ch)

	m := map[any]any{asKey{1}: inMap{"x"}}
	for k, v := range m {
		look("key", k)
		look("element", v)
	}
	look("found", m[asKey{1}])

	s := []any{inSlice{}}
	s = append(s, appended{1})
	t := make([]any, 2)
	copy(t, s)
	t = append([]any{copied{}}, t...)
	lookAll("slice", t...)

	b := &box{1, inField{}, asError{1}}
	look("field", b.value)
	look("error", b.err)
	var slot any
	p := &slot
	*p = behindPointer{}
	look("pointer", slot)

	c := any(captured{})
	func() { look("captured", c) }()
	look("panic", throughPanic())

	var a atomic.Value
	a.Store(inAtomic{1})
	look("atomic", a.Load())
	var sm sync.Map
	sm.Store("k", inSyncMap{1})
	sm.Store(reflect.TypeOf(1), 2)
	v, _ := sm.Load("k")
	look("sync.Map", v)
	pool := sync.Pool{New: func() any { return &inPool{} }}
	look("pool", pool.Get())
	lookAll("variadic", variadic{}, inArray{})

	other := make(chan any)
	go func(v any) { other <- v }(inGoroutine{})
	select {
	case v := <-other:
		look("goroutine", v)
	}
	go func() { other <- selected{} }()
	look("select", <-other)

	array := [...]any{inArray{}, 2: nested{}}
	for _, v := range array[2:] {
		look("array", v)
		f, _ := reflect.TypeOf(v).FieldByName("B8")
		look("inner", reflect.Zero(f.Type.Field(0).Type).Interface())
	}
	look("generic", new2(asError{1}))
	look("generic", new2([]string{}))
	err := errors.Join(asError{2}, errors.New("plain"))
	var as asError
	if errors.As(err, &as) {
		look("errors.As", as)
	}
	w := any(wrapped{deferred{1}})
	look("wrapped", w)
	look("inside", reflect.ValueOf(w).Field(0).Elem().Interface())
	look("global", global)
	var h holder = viaMethod{1}
	get := h.get
	look("method", get())

	// What reflection itself makes and stores.
	r := reflect.New(reflect.TypeFor[made]()).Elem()
	r.Field(0).Set(reflect.ValueOf(inMade{5}))
	r.Field(1).Set(reflect.Append(r.Field(1), reflect.ValueOf(inMade{6}), reflect.ValueOf("text")))
	r.Field(2).Set(reflect.MakeMap(r.Field(2).Type()))
	r.Field(2).SetMapIndex(reflect.ValueOf("key"), reflect.ValueOf(&asserted{7}))
	got := r.Interface().(made)
	look("made", got.C9)
	lookAll("made", got.D1...)
	look("made", got.D2["key"])
	println(got.D2["key"].(interface{ Pointer() string }).Pointer())
	println(got.D2["key"].(interface{ Hidden() string }).Hidden())
	if _, ok := got.C9.(interface{ Hidden() string }); !ok {
		println("inMade hides nothing")
	}
	iface := reflect.TypeFor[interface{ Hidden() string }]()
	println(reflect.TypeFor[asserted]().Implements(iface), reflect.TypeFor[inMade]().Implements(iface))
	println(reflect.PointerTo(reflect.TypeFor[asserted]()).String())
	func() {
		defer func() { println(recover().(error).Error()) }()
		println(got.C9.(asserted).D4)
	}()
}
