// Maps whose entries move: growth and clearing under iteration, many deletions, keys unlike themselves, elements without
// size, map types made by reflection.
//
// run: host wasip1 cortex-m-qemu riscv-qemu pico
package main

import "reflect"

type pair struct {
	name string
	n    int8
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

// growing adds entries while it iterates: each of those there before is seen once, unless it was deleted.
func growing() {
	m := map[int]int{}
	for i := range 300 {
		m[i] = i
	}
	seen := map[int]int{}
	for k := range m {
		seen[k]++
		if k < 300 {
			delete(m, (k+150)%300)
		}
		if len(seen) < 600 {
			m[k+1000] = 1
		}
	}
	missed, twice := 0, 0
	for i := range 300 {
		if seen[i] == 0 && seen[(i+150)%300] == 0 {
			missed++
		}
		if seen[i] > 1 {
			twice++
		}
	}
	println("missed", missed, "twice", twice)
}

func clearing() {
	m := map[float64]int{nan(): 1, nan(): 2, 3: 3}
	rounds := 0
	for range m {
		rounds++
		for i := range 50 {
			m[float64(i)] = i
		}
		clear(m)
	}
	println("rounds", rounds, len(m))
	for i := range 30 {
		m[nan()] = i
	}
	sum, grown := 0, false
	for k, v := range m {
		if k != k {
			sum += v
		}
		if !grown {
			for i := range 60 {
				m[float64(i)] = i
			}
			grown = true
		}
	}
	println("sum", sum, len(m))
}

func churning() {
	m := map[[3]uint8]uint16{}
	key := func(i int) [3]uint8 { return [3]uint8{uint8(i), uint8(i >> 8), uint8(i >> 16)} }
	for i := range 3000 {
		m[key(i)] = uint16(i)
		if i >= 20 {
			delete(m, key(i-20))
		}
	}
	found := 0
	for i := range 3000 {
		if v, ok := m[key(i)]; ok && v == uint16(i) {
			found++
		}
	}
	println("left", len(m), found)
}

func without() {
	set := map[int]struct{}{}
	for i := range 200 {
		set[i] = struct{}{}
	}
	for i := range 100 {
		delete(set, 2*i)
	}
	_, even := set[10]
	_, odd := set[11]
	println(len(set), even, odd)
	one := map[struct{}]int{}
	one[struct{}{}] = 4
	one[struct{}{}] += 3
	println(len(one), one[struct{}{}])
	delete(one, struct{}{})
	println(len(one))
}

func reflected() {
	t := reflect.MapOf(reflect.TypeOf(pair{}), reflect.TypeOf(int16(0)))
	m := reflect.MakeMap(t)
	for i := range 100 {
		m.SetMapIndex(reflect.ValueOf(pair{string(rune('a' + i%26)), int8(i)}), reflect.ValueOf(int16(i)))
	}
	sum := int64(0)
	for it := m.MapRange(); it.Next(); {
		sum += it.Value().Int()
	}
	println(m.Len(), sum)
	floats := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(float32(0)), reflect.TypeOf("")))
	zero := float32(0)
	floats.SetMapIndex(reflect.ValueOf(zero), reflect.ValueOf("plus"))
	floats.SetMapIndex(reflect.ValueOf(-1/(1/zero)), reflect.ValueOf("minus"))
	println(floats.Len(), floats.MapIndex(reflect.ValueOf(zero)).String())
}

func main() {
	growing()
	clearing()
	churning()
	without()
	reflected()
}
