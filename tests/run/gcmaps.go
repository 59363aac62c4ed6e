// The collector under pressure: maps that grow and are dropped, strings as keys, slices within slices.
//
// run: host wasip1 cortex-m-qemu riscv-qemu pico
// not microbit: the live maps need more than its 16 KB
// not arduino: the live maps need more than its 2 KB
package main

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

type rec struct {
	name string
	refs []*rec
	m    map[string]int
}

func main() {
	live := map[string]*rec{}
	for i := range 40 {
		live[itoa(i)] = &rec{name: itoa(i * 1000), m: map[string]int{"self": i}}
	}
	total := 0
	for round := range 60 {
		tmp := map[int]string{}
		for i := range 60 {
			tmp[i] = itoa(round*1000 + i)
		}
		for _, s := range tmp {
			total += len(s)
		}
		r := live[itoa(round%40)]
		r.refs = append(r.refs, live[itoa((round+1)%40)])
		r.m[itoa(round)] = round
	}
	println(total, len(live))
	sum := 0
	for i := range 40 {
		r := live[itoa(i)]
		if r.name != itoa(i*1000) || r.m["self"] != i {
			println("damaged", i, r.name)
		}
		for _, o := range r.refs {
			sum += o.m["self"]
		}
		sum += len(r.m)
	}
	println(sum)
	grid := make([][]byte, 0)
	for i := range 300 {
		row := make([]byte, 64)
		row[i%64] = byte(i)
		if i%30 == 0 {
			grid = append(grid, row)
		}
	}
	for i, row := range grid {
		print(row[i*30%64], " ")
	}
	println()
}
