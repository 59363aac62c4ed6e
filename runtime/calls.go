package runtime

import "unsafe"

// What a program knows of its own calls: runtime.Callers and its kin, and the trace of a panic. The table is made by
// the linker (src/link/trace.rs describes it) where the program refers to it.
//
// A call is named by a number, as Go's are: the return address, or, for a call that was inlined, the end of the code
// plus the number of its node.

// callTableHeader is the start of the table.
type callTableHeader struct {
	count               uint32 // functions
	nodes, texts, total uint32 // offsets
	base                uint64
	funcs               [1]callFunc // count of them, and the end
}

// callFunc is a function's row in the table.
type callFunc struct {
	address uint32 // relative to base
	rows    uint32 // offset; 0: nothing is known
}

// callNode is a function, or a function inlined into another at some place.
type callNode struct {
	name   uint32 // offset of a text; with hiddenNode: made by the compiler
	parent uint32 // node it is inlined into, 0: none
	file   uint32 // of the call there
	line   uint32
}

const hiddenNode = 1 << 31

// callRow is one place in the code.
type callRow struct {
	node uint32
	file uint32
	line uint32
	size uintptr // of the frame without the return address, plus 1; 0: not known
}

func (t *callTableHeader) fn(i uint32) *callFunc {
	return (*callFunc)(unsafe.Add(unsafe.Pointer(&t.funcs), uintptr(i)*unsafe.Sizeof(callFunc{})))
}

func (t *callTableHeader) node(i uint32) *callNode {
	return (*callNode)(unsafe.Add(unsafe.Pointer(t), uintptr(t.nodes)+uintptr(i)*unsafe.Sizeof(callNode{})))
}

func (t *callTableHeader) text(offset uint32) string {
	r := callReader{unsafe.Add(unsafe.Pointer(t), t.texts+offset&^hiddenNode)}
	n := r.number()
	return unsafe.String((*byte)(r.p), n)
}

// end is the address behind the code.
func (t *callTableHeader) end() uintptr {
	return uintptr(t.base) + uintptr(t.fn(t.count).address)
}

// callReader reads numbers in LEB128.
type callReader struct{ p unsafe.Pointer }

func (r *callReader) byte() byte {
	b := *(*byte)(r.p)
	r.p = unsafe.Add(r.p, 1)
	return b
}

func (r *callReader) number() uint32 {
	n, shift := uint32(0), 0
	for {
		b := r.byte()
		n |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
		shift += 7
	}
}

// difference reads a number in zigzag.
func (r *callReader) difference() uint32 {
	n := r.number()
	return n>>1 ^ -(n & 1)
}

// at finds the function around an address and the row that holds there.
func (t *callTableHeader) at(pc uintptr) (*callFunc, callRow) {
	var row callRow
	if t.count == 0 || pc < uintptr(t.base) || pc >= t.end() {
		return nil, row
	}
	rel := uint32(pc - uintptr(t.base))
	low, high := uint32(0), t.count
	for high-low > 1 {
		middle := (low + high) / 2
		if t.fn(middle).address <= rel {
			low = middle
		} else {
			high = middle
		}
	}
	fn := t.fn(low)
	if fn.rows == 0 {
		return nil, row
	}
	r := callReader{unsafe.Add(unsafe.Pointer(t), fn.rows)}
	row.node = r.number()
	row.file = r.number()
	row.line = r.number()
	address := fn.address
	for {
		const node, file, line, size = 1, 2, 4, 8
		flags := r.byte()
		if flags == 0 {
			return fn, row
		}
		address += r.number()
		if address > rel {
			return fn, row
		}
		if flags&node != 0 {
			row.node += r.difference()
		}
		if flags&file != 0 {
			row.file += r.difference()
		}
		if flags&line != 0 {
			row.line += r.difference()
		}
		if flags&size != 0 {
			row.size = uintptr(r.number())
		}
	}
}

// callWalk goes through the calls of a stack from the innermost outwards, those inlined included.
type callWalk struct {
	pc, sp uintptr
	fn     *callFunc
	row    callRow
	node   uint32 // next to be told of the frame at pc; 0: the frame is done
	file   uint32
	line   uint32
}

// begin takes up the frame whose call returns to pc with this stack pointer.
func (w *callWalk) begin(pc, sp uintptr) bool {
	w.pc, w.sp = pc, sp
	w.fn, w.row = callTable().at(pc - 1)
	w.node, w.file, w.line = w.row.node, w.row.file, w.row.line
	return w.fn != nil
}

// next returns the number of the next call that is to be shown: 0 at the end.
func (w *callWalk) next() uintptr {
	t := callTable()
	for {
		for w.node != 0 {
			n := t.node(w.node)
			pc := w.pc
			if w.node != w.row.node {
				// Told by the node that was inlined here, of which there is one on this path.
				pc = t.end() + uintptr(w.inner(w.node))
			}
			w.node, w.file, w.line = n.parent, n.file, n.line
			if n.name&hiddenNode == 0 {
				return pc
			}
		}
		if w.fn == nil || w.row.size == 0 {
			return 0
		}
		caller := w.sp + w.row.size - 1
		if !w.begin(*(*uintptr)(unsafe.Pointer(caller - unsafe.Sizeof(caller))), caller) {
			return 0
		}
	}
}

// inner is the node of this frame that was inlined into the given one.
func (w *callWalk) inner(outer uint32) uint32 {
	t := callTable()
	i := w.row.node
	for t.node(i).parent != outer {
		i = t.node(i).parent
	}
	return i
}

// place says what a call's number stands for: function, file, line of the call.
func (t *callTableHeader) place(pc uintptr) (fn *Func, file string, line uint32) {
	if i := t.inlined(pc); i != 0 {
		n := t.node(i)
		return (*Func)(unsafe.Pointer(t.node(n.parent))), t.text(n.file), n.line
	}
	f, row := t.at(pc - 1)
	if f == nil {
		return nil, "", 0
	}
	fn = (*Func)(unsafe.Pointer(f))
	if t.node(row.node).parent != 0 {
		fn = (*Func)(unsafe.Pointer(t.node(row.node)))
	}
	return fn, t.text(row.file), row.line
}

// inlined is the node that stands for a call into which it was inlined; 0: the number is an address.
func (t *callTableHeader) inlined(pc uintptr) uint32 {
	nodes := uintptr(t.texts-t.nodes) / unsafe.Sizeof(callNode{})
	if t.count != 0 && pc > t.end() && pc < t.end()+nodes {
		return uint32(pc - t.end())
	}
	return 0
}

// Func is a function of the program: its row in the table, or the node of one that was inlined.
type Func struct{ opaque struct{} }

// own is the function's row, nil if it was inlined.
func (f *Func) own() *callFunc {
	t := callTable()
	if uintptr(unsafe.Pointer(f)) >= uintptr(unsafe.Pointer(t.node(0))) {
		return nil
	}
	return (*callFunc)(unsafe.Pointer(f))
}

// Name returns the name of the function, with the path of its package.
func (f *Func) Name() string {
	if f == nil || !hasCallTable {
		return ""
	}
	t := callTable()
	if own := f.own(); own != nil {
		r := callReader{unsafe.Add(unsafe.Pointer(t), own.rows)}
		return t.text(t.node(r.number()).name)
	}
	return t.text((*callNode)(unsafe.Pointer(f)).name)
}

// Entry returns the address of the function; 0 if it was inlined.
func (f *Func) Entry() uintptr {
	if f == nil || !hasCallTable {
		return 0
	}
	if own := f.own(); own != nil {
		t := callTable()
		return uintptr(t.base) + uintptr(own.address)
	}
	return 0
}

// FileLine returns the source file and the line of the code at pc.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	if f == nil || !hasCallTable {
		return "", 0
	}
	if pc == f.Entry() {
		pc++
	}
	_, file, n := callTable().place(pc)
	return file, int(n)
}

// FuncForPC returns the function that a number from Callers or the address of a function stands for; nil if it is none.
func FuncForPC(pc uintptr) *Func {
	if !hasCallTable {
		return nil
	}
	t := callTable()
	if f, _ := t.at(pc); f != nil && (*Func)(unsafe.Pointer(f)).Entry() == pc {
		return (*Func)(unsafe.Pointer(f))
	}
	f, _, _ := t.place(pc)
	return f
}

// Frame is a function call, as CallersFrames tells it.
type Frame struct {
	PC       uintptr
	Func     *Func // nil where the function was inlined
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// Frames walks the calls that Callers returned.
type Frames struct{ callers []uintptr }

// CallersFrames prepares to tell what the numbers from Callers stand for.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers} }

// Next tells about the next call, and whether there are more.
func (f *Frames) Next() (frame Frame, more bool) {
	for len(f.callers) > 0 {
		pc := f.callers[0]
		f.callers = f.callers[1:]
		if !hasCallTable {
			continue
		}
		fn, file, line := callTable().place(pc)
		if fn == nil {
			continue
		}
		frame = Frame{PC: pc, Function: fn.Name(), File: file, Line: int(line), Entry: fn.Entry()}
		if fn.own() != nil {
			frame.Func = fn
		}
		return frame, len(f.callers) > 0
	}
	return Frame{}, false
}

// Caller tells about a call on the goroutine's stack: the one of Caller itself for 0, the one of Caller's caller for 1.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if !hasCallTable || callers(skip+1, pcs[:]) == 0 {
		return 0, "", 0, false
	}
	_, file, n := callTable().place(pcs[0])
	return pcs[0], file, int(n), true
}

// Callers fills pc with the calls on the goroutine's stack, from the innermost outwards: first Callers itself, unless
// skip says that it, and how many more, are to be left out.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	if !hasCallTable {
		// That there is a call at all is what package testing relies on.
		pc[0] = 0
		return 1
	}
	return callers(skip, pc)
}

// callers is Callers without itself. A program that has it is compiled so that no call is missing
// (src/driver/build.rs).
//
//go:noinline
func callers(skip int, pcs []uintptr) int {
	var at [2]uintptr
	here(&at)
	var w callWalk
	w.begin(at[0], at[1])
	n := 0
	for skip++; n < len(pcs); skip-- {
		pc := w.next()
		if pc == 0 {
			break
		}
		if skip <= 0 {
			pcs[n] = pc
			n++
		}
	}
	return n
}

// Stack writes the goroutine's trace into buf and returns its length. Those of other goroutines are not known.
func Stack(buf []byte, all bool) int {
	if !hasCallTable {
		return 0
	}
	var pcs [64]uintptr
	n := callers(1, pcs[:])
	out := buf[:0]
	add := func(s string) { out = append(out, s[:min(len(s), cap(out)-len(out))]...) }
	var digits [20]byte
	add("goroutine ")
	add(string(appendInt(digits[:0], int64(curg.number()), false)))
	add(" [running]:\n")
	for _, pc := range pcs[:n] {
		fn, file, line := callTable().place(pc)
		add(fn.Name())
		add("(...)\n\t")
		add(file)
		add(":")
		add(string(appendInt(digits[:0], int64(line), false)))
		add("\n")
	}
	return len(out)
}

// printsTrace says whether a panic ends with a trace; the compiler sets it.
var printsTrace uintptr

// printTrace prints the calls on the goroutine's stack from the panic outwards.
func printTrace() {
	var at [2]uintptr
	here(&at)
	var w callWalk
	w.begin(at[0], at[1])
	t := callTable()
	for shown := 0; shown < 100; {
		pc := w.next()
		if pc == 0 {
			return
		}
		fn, file, line := t.place(pc)
		name := fn.Name()
		if isInternal(name) {
			continue
		}
		shown++
		printstring(name)
		printstring("(...)\n\t")
		printstring(file)
		printstring(":")
		printuint32(line)
		printnl()
	}
	printstring("...additional frames elided...\n")
}

// reflect_callingMethod returns the exported method of reflect.Value that is being called, for the texts of its panics.
// A program that does not carry debug information shall not have the table just for that: then it is empty.
//
//go:linkname reflect_callingMethod reflect.callingMethod
func reflect_callingMethod() string {
	if !hasCallTable || printsTrace == 0 {
		return ""
	}
	var at [2]uintptr
	here(&at)
	var w callWalk
	w.begin(at[0], at[1])
	for {
		pc := w.next()
		if pc == 0 {
			return ""
		}
		fn, _, _ := callTable().place(pc)
		const prefix = "reflect.Value."
		name := fn.Name()
		if len(name) > len(prefix) && name[:len(prefix)] == prefix && name[len(prefix)]-'A' < 26 {
			return name
		}
	}
}

// isInternal tells whether a function is one of the runtime's own, which tells a user nothing.
func isInternal(name string) bool {
	const prefix = "runtime."
	return len(name) > len(prefix) && name[:len(prefix)] == prefix && name[len(prefix)] >= 'a'
}
