package runtime

import "unsafe"

// eface is an interface without methods, iface one with: the memory forms.
type eface struct {
	typ  *_type
	data unsafe.Pointer
}

type iface struct {
	tab  *itab
	data unsafe.Pointer
}

// itabs made at run time, for conversions that the compiler could not see.
var itabs *itabNode

type itabNode struct {
	next *itabNode
	tab  *itab
}

// assertE2I finds the method table of typ for an interface type, or panics.
func assertE2I(inter, typ *_type) *itab {
	if typ == nil {
		panic(&TypeAssertionError{nil, nil, inter, ""})
	}
	tab, missing := findItab(inter, typ)
	if tab == nil {
		panic(&TypeAssertionError{nil, typ, inter, missing})
	}
	return tab
}

// assertE2I2 is assertE2I with nil for failure.
func assertE2I2(inter, typ *_type) *itab {
	if typ == nil {
		return nil
	}
	tab, _ := findItab(inter, typ)
	return tab
}

func panicdottype(have, want, inter *_type) {
	panic(&TypeAssertionError{inter, have, want, ""})
}

func findItab(inter, typ *_type) (tab *itab, missing string) {
	for n := itabs; n != nil; n = n.next {
		if n.tab.typ == typ && n.tab.inter == inter {
			return n.tab, ""
		}
	}
	want := (*interfacetype)(unsafe.Pointer(inter)).methods
	have := typ.methods()
	const word = unsafe.Sizeof(uintptr(0))
	head := unsafe.Offsetof(itab{}.fun)
	tab = (*itab)(alloc(head+uintptr(len(want))*word, 0))
	tab.inter = inter
	tab.typ = typ
	tab.hash = typ.hash
	// Both lists are sorted alike, so one walk finds all.
	j := 0
	for i := range want {
		w := &want[i]
		for {
			if j >= len(have) {
				return nil, w.name.string()
			}
			h := &have[j]
			j++
			if h.mtyp == w.typ && h.ifn != 0 && h.name.string() == w.name.string() {
				*(*uintptr)(unsafe.Add(unsafe.Pointer(tab), head+uintptr(i)*word)) = uintptr(resolveOffset(h.ifn))
				break
			}
		}
	}
	itabs = &itabNode{itabs, tab}
	return tab, ""
}

// efaceeq compares two interface values.
func efaceeq(a, b any) bool {
	x, y := (*eface)(unsafe.Pointer(&a)), (*eface)(unsafe.Pointer(&b))
	if x.typ != y.typ {
		return false
	}
	if x.typ == nil {
		return true
	}
	return dataEqual(x.typ, x.data, y.data)
}

// dataEqual compares the data words of two interfaces of one type.
func dataEqual(t *_type, a, b unsafe.Pointer) bool {
	if t.tflag&tflagDirectIface != 0 {
		if t.equal == nil {
			panic(errorString("comparing uncomparable type " + typeString(t)))
		}
		return a == b
	}
	if t.equal == nil {
		panic(errorString("comparing uncomparable type " + typeString(t)))
	}
	return a == b || t.equal(a, b)
}

func nilinterequal(p, q unsafe.Pointer) bool { return efaceeq(*(*any)(p), *(*any)(q)) }

func interequal(p, q unsafe.Pointer) bool {
	x, y := (*iface)(p), (*iface)(q)
	if x.tab == nil || y.tab == nil {
		return x.tab == y.tab
	}
	return x.tab.typ == y.tab.typ && dataEqual(x.tab.typ, x.data, y.data)
}

func strequal(p, q unsafe.Pointer) bool { return *(*string)(p) == *(*string)(q) }
func f32equal(p, q unsafe.Pointer) bool { return *(*float32)(p) == *(*float32)(q) }
func f64equal(p, q unsafe.Pointer) bool { return *(*float64)(p) == *(*float64)(q) }

func memequal(p, q unsafe.Pointer, size uintptr) bool { return commonPrefix(p, q, size) == size }
