package slices

// SortFunc sorts the slice x in ascending order as determined by the cmp function. This sort is not guaranteed to be
// stable. It takes O(n log n) comparisons and swaps.
func SortFunc[S ~[]E, E any](x S, cmp func(a, b E) int) {
	s := sorter{
		less: func(i, j int) bool { return cmp(x[i], x[j]) < 0 },
		swap: func(i, j int) { x[i], x[j] = x[j], x[i] },
	}
	s.sort(len(x))
}

// sorter sorts what it does not know: there is one in a program, whatever it sorts.
type sorter struct {
	less func(i, j int) bool
	swap func(i, j int)
}

// Up to so many elements, Go's own sort is this one, and keeps equal ones in their order.
const insertionMax = 12

func (s *sorter) sort(n int) {
	if n <= insertionMax {
		for i := 1; i < n; i++ {
			for j := i; j > 0 && s.less(j, j-1); j-- {
				s.swap(j, j-1)
			}
		}
		return
	}
	for root := n/2 - 1; root >= 0; root-- {
		s.sink(root, n)
	}
	for last := n - 1; last > 0; last-- {
		s.swap(0, last)
		s.sink(0, last)
	}
}

// sink moves an element of a heap of n elements, the greatest first, below all that are greater.
func (s *sorter) sink(root, n int) {
	for child := 2*root + 1; child < n; child = 2*root + 1 {
		if child+1 < n && s.less(child, child+1) {
			child++
		}
		if !s.less(root, child) {
			return
		}
		s.swap(root, child)
		root = child
	}
}
