//! The functions of package runtime that compiled code calls, with their Go signatures.
//!
//! irgen calls those of the first table directly; the lowering passes of `opt` expand operations into calls of the
//! second. As lowering runs when the program is already closed, irgen asks [`needed_by`] for every operation it emits
//! and makes those functions reachable; what lowering then does not use is dropped again.
//!
//! `*_type` is `internal/abi.Type`; a `layout` tells the collector what an object holds: 0 unknown (scan
//! conservatively), 1 no pointers, else the address of a pointer map (`word` bitmap length in words, then bits).

use crate::{Aux, InstData, Kind, Op, Program, RTypeId};

/// Called by irgen: name and Go signature.
pub const FROM_IRGEN: &[(&str, &str)] = &[
    // strings
    ("runtime.concatstrings", "func(parts *string, n int) string"),
    ("runtime.stringEqual", "func(a, b string) bool"),
    ("runtime.stringCompare", "func(a, b string) int"),
    ("runtime.intstring", "func(v int64) string"),
    ("runtime.slicebytetostring", "func(b []byte) string"),
    ("runtime.stringtoslicebyte", "func(s string) []byte"),
    ("runtime.slicerunetostring", "func(r []rune) string"),
    ("runtime.stringtoslicerune", "func(s string) []rune"),
    ("runtime.decoderune", "func(s string, k int) (r rune, next int)"),
    // slices: append's slow path (newLen > oldCap); the result has length newLen and the old elements copied
    (
        "runtime.growslice",
        "func(old unsafe.Pointer, oldLen, oldCap, newLen int, elemSize, layout uintptr) slice",
    ),
    // interfaces
    ("runtime.efaceeq", "func(a, b any) bool"),
    // equality and hash of values in memory, for type descriptors
    ("runtime.strequal", "func(p, q unsafe.Pointer) bool"),
    ("runtime.interequal", "func(p, q unsafe.Pointer) bool"),
    ("runtime.nilinterequal", "func(p, q unsafe.Pointer) bool"),
    ("runtime.f32equal", "func(p, q unsafe.Pointer) bool"),
    ("runtime.f64equal", "func(p, q unsafe.Pointer) bool"),
    ("runtime.memequal", "func(p, q unsafe.Pointer, size uintptr) bool"),
    ("runtime.strhash", "func(p unsafe.Pointer, seed uintptr) uintptr"),
    ("runtime.interhash", "func(p unsafe.Pointer, seed uintptr) uintptr"),
    ("runtime.nilinterhash", "func(p unsafe.Pointer, seed uintptr) uintptr"),
    ("runtime.f32hash", "func(p unsafe.Pointer, seed uintptr) uintptr"),
    ("runtime.f64hash", "func(p unsafe.Pointer, seed uintptr) uintptr"),
    ("runtime.memhash", "func(p unsafe.Pointer, seed, size uintptr) uintptr"),
    // maps; t is the map's descriptor, elements are found by address, nil where the key is missing
    ("runtime.makemap", "func(t *maptype, hint int) *hmap"),
    ("runtime.mapaccess", "func(t *maptype, m *hmap, key unsafe.Pointer) unsafe.Pointer"),
    ("runtime.mapassign", "func(t *maptype, m *hmap, key unsafe.Pointer) unsafe.Pointer"),
    ("runtime.mapdelete", "func(t *maptype, m *hmap, key unsafe.Pointer)"),
    ("runtime.mapclear", "func(t *maptype, m *hmap)"),
    ("runtime.maplen", "func(m *hmap) int"),
    // hiter starts with the fields key, elem unsafe.Pointer; key is nil at the end
    ("runtime.mapiterinit", "func(t *maptype, m *hmap, it *hiter)"),
    ("runtime.mapiternext", "func(it *hiter)"),
    // channels
    ("runtime.makechan", "func(elemSize, layout uintptr, size int) *hchan"),
    ("runtime.chansend", "func(c *hchan, elem unsafe.Pointer)"),
    ("runtime.chanrecv", "func(c *hchan, elem unsafe.Pointer) bool"),
    ("runtime.closechan", "func(c *hchan)"),
    ("runtime.chanlen", "func(c *hchan) int"),
    ("runtime.chancap", "func(c *hchan) int"),
    // scase is {c *hchan; elem unsafe.Pointer; send bool}; -1 is default; no cases and blocking: for ever
    ("runtime.selectgo", "func(cases *scase, n int, block bool) (chosen int, recvOK bool)"),
    // print
    ("runtime.printlock", "func()"),
    ("runtime.printunlock", "func()"),
    ("runtime.printbool", "func(v bool)"),
    ("runtime.printint32", "func(v int32)"),
    ("runtime.printuint32", "func(v uint32)"),
    ("runtime.printint64", "func(v int64)"),
    ("runtime.printuint64", "func(v uint64)"),
    ("runtime.printuintptr", "func(v uintptr)"),
    ("runtime.printfloat32", "func(v float32)"),
    ("runtime.printfloat64", "func(v float64)"),
    ("runtime.printcomplex64", "func(v complex64)"),
    ("runtime.printcomplex128", "func(v complex128)"),
    ("runtime.printstring", "func(s string)"),
    ("runtime.printpointer", "func(p unsafe.Pointer)"),
    ("runtime.printslice", "func(p unsafe.Pointer, len, cap int)"),
    ("runtime.printeface", "func(v any)"),
    ("runtime.printsp", "func()"),
    ("runtime.printnl", "func()"),
    // others
    ("runtime.complex128div", "func(a, b complex128) complex128"),
    ("runtime.panicUnsafeSlice", "func(code uint8)"),
    ("runtime.panicRangeState", "func(state int)"),
];

/// `func saveContext(c *context) uintptr`: where package runtime has it, a panic that was recovered goes on by a jump; what
/// is called at the entry of functions that defer if a `recover` is live. Else `runtime.unwinding` is tested after calls.
pub const SAVE_CONTEXT: &str = "runtime.saveContext";

/// `var unwinding *deferFrame`: what is tested after calls; never anything but loaded and stored.
pub const UNWINDING: &str = "runtime.unwinding";

/// The functions that lowering an operation may call.
pub fn needed_by(op: Op) -> &'static [&'static str] {
    match op {
        Op::Alloc | Op::MakeClosure => &["runtime.alloc"],
        // The descriptor compares values of plain memory, and hashes keys.
        Op::MakeIface => &["runtime.alloc", "runtime.memequal"],
        Op::RTypeAddr => &["runtime.memequal", "runtime.memhash"],
        // func alloc(size, layout uintptr) unsafe.Pointer: zeroed
        // func makeslice(elemSize, layout uintptr, len, cap int) unsafe.Pointer
        Op::MakeSlice => &["runtime.makeslice"],
        // func assertE2I(inter, typ *_type) *itab panics, assertE2I2 gives nil, when typ lacks a method;
        // func panicdottype(have, want, iface *_type)
        Op::TypeAssert => &["runtime.assertE2I", "runtime.assertE2I2", "runtime.panicdottype"],
        Op::ChangeIface => &["runtime.assertE2I2"],
        // func panicBounds(x, y int, code uint8): code = Check as a number, bit 7: x is unsigned
        // func panicBoundsWide(x int64, y int, code uint8): for an x of more bits than int
        Op::Check => &["runtime.panicBounds", "runtime.panicBoundsWide"],
        // func panicNil()
        Op::NilCheck | Op::CallClosure | Op::CallMethod => &["runtime.panicNil"],
        Op::CheckDiv => &["runtime.panicDivide"],
        Op::CheckShift => &["runtime.panicShift"],
        // func newproc(fn func())
        Op::Go => &["runtime.newproc"],
        // func deferEnter(f *deferFrame); func deferPush(f *deferFrame, d *deferRecord, fn func());
        // func deferReturn(f *deferFrame): runs what is left and unlinks f. See runtime/panic.go.
        // A deferRecord is {next *deferRecord; fn func()}, a deferFrame {parent *deferFrame; head *deferRecord;
        // context, where there is a saveContext}: lowering takes their size from the Go types `runtime.deferFrame` and `runtime.deferRecord`.
        Op::Defer | Op::DeferFrame => &["runtime.deferEnter", "runtime.deferPush", "runtime.deferReturn"],
        Op::RunDefers => &["runtime.deferEnter", "runtime.deferReturn"],
        // func gorecover(token uintptr) any; the token is what the global `runtime.recoverToken` held at the entry of
        // the function (attribute `recovers`), which zeroes it there: only a direct call of a deferred function sees it.
        Op::Recover => &["runtime.gorecover"],
        // func gopanic(v any): returns only to unwind by tests, with the global `runtime.unwinding` (the *deferFrame to
        // return to) set.
        Op::Panic => &["runtime.gopanic"],
        _ => &[],
    }
}

/// Those of [`needed_by`] that lowering this instruction may call.
pub fn needed_by_inst(program: &Program, data: &InstData) -> &'static [&'static str] {
    let has_methods = |id: RTypeId| !program.rtypes[id].imethods.is_empty();
    match data.aux {
        Aux::Assert { to, ok, .. } if program.rtypes[to].kind == Kind::Interface => {
            match (has_methods(to), ok) {
                (true, true) => &["runtime.assertE2I2"],
                (false, true) => &[],
                // That which does not panic is called with -panic=trap.
                (_, false) => &["runtime.assertE2I", "runtime.assertE2I2"],
            }
        }
        Aux::Assert { ok, .. } => {
            if ok {
                &[]
            } else {
                &["runtime.panicdottype"]
            }
        }
        Aux::Convert { to, .. } if data.op == Op::ChangeIface && !has_methods(to) => &[],
        _ => needed_by(data.op),
    }
}
