package runtime

import "unsafe"

func strhash(p unsafe.Pointer, seed uintptr) uintptr {
	s := *(*string)(p)
	return memhash(unsafe.Pointer(unsafe.StringData(s)), seed, uintptr(len(s)))
}

func f32hash(p unsafe.Pointer, seed uintptr) uintptr {
	return floathash(float64(*(*float32)(p)), seed)
}

func f64hash(p unsafe.Pointer, seed uintptr) uintptr {
	return floathash(*(*float64)(p), seed)
}

// floathash gives +0 and -0 one hash and each NaN one of its own, as NaN keys are all different.
func floathash(f float64, seed uintptr) uintptr {
	switch {
	case f == 0:
		f = 0
	case f != f:
		return uintptr(fastrand()) ^ seed
	}
	return memhash(unsafe.Pointer(&f), seed, 8)
}

func nilinterhash(p unsafe.Pointer, seed uintptr) uintptr {
	e := (*eface)(p)
	return typehash(e.typ, e.data, seed)
}

func interhash(p unsafe.Pointer, seed uintptr) uintptr {
	i := (*iface)(p)
	if i.tab == nil {
		return seed
	}
	return typehash(i.tab.typ, i.data, seed)
}

// typehash hashes the dynamic value of an interface.
func typehash(t *_type, data unsafe.Pointer, seed uintptr) uintptr {
	if t == nil {
		return seed
	}
	if t.equal == nil {
		panic(errorString("hash of unhashable type " + typeString(t)))
	}
	p := data
	if t.tflag&tflagDirectIface != 0 {
		p = unsafe.Pointer(&data)
	}
	return valuehash(t, p, seed)
}

// valuehash hashes a value in memory by walking its type, for keys whose type is known only at run time.
func valuehash(t *_type, p unsafe.Pointer, seed uintptr) uintptr {
	if t.tflag&tflagRegularMemory != 0 {
		return memhash(p, seed, t.size)
	}
	switch t.kind & kindMask {
	case kindFloat32:
		return f32hash(p, seed)
	case kindFloat64:
		return f64hash(p, seed)
	case kindComplex64:
		return f32hash(unsafe.Add(p, 4), f32hash(p, seed))
	case kindComplex128:
		return f64hash(unsafe.Add(p, 8), f64hash(p, seed))
	case kindString:
		return strhash(p, seed)
	case kindInterface:
		if len((*interfacetype)(unsafe.Pointer(t)).methods) == 0 {
			return nilinterhash(p, seed)
		}
		return interhash(p, seed)
	case kindArray:
		a := (*arraytype)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.len; i++ {
			seed = valuehash(a.elem, unsafe.Add(p, i*a.elem.size), seed)
		}
		return seed
	case kindStruct:
		s := (*structtype)(unsafe.Pointer(t))
		for i := range s.fields {
			f := &s.fields[i]
			if f.name.string() != "_" {
				seed = valuehash(f.typ, unsafe.Add(p, f.offset), seed)
			}
		}
		return seed
	}
	return memhash(p, seed, t.size)
}

var randState uint32 = 0x9E3779B9

// fastrand is Marsaglia's xorshift32: for hash seeds, map order and select.
func fastrand() uint32 {
	x := randState
	x ^= x << 13
	x ^= x >> 17
	x ^= x << 5
	randState = x
	return x
}
