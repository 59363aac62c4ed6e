//! Built-in functions (specification, "Built-in functions").

use ir::{Aux, Cond, Intrinsic, Op, Type, Value, Values};
use syntax::ast::{ExprId, ExprKind};
use types::{Basic, Builtin, Mode, TypeId, TypeKind};

use crate::arith::Num;
use crate::call::{Callee, Prepared};
use crate::func::FuncGen;

impl FuncGen<'_, '_, '_> {
    /// A built-in with a result.
    pub fn builtin_value(&mut self, e: ExprId, which: Builtin, args: &[ExprId], dots: bool) -> Value {
        let ty = self.ty(e);
        match which {
            Builtin::Len | Builtin::Cap => self.len_or_cap(args[0], which == Builtin::Cap),
            Builtin::Append => self.append(ty, args, dots),
            Builtin::Make => self.make(ty, args),
            Builtin::New => self.new_object(ty, args[0]),
            Builtin::Complex => {
                let repr = self.repr(ty);
                let part = if self.part_type(repr, 0) == Type::F32 { Basic::Float32 } else { Basic::Float64 };
                if let [both] = args {
                    let values = self.values(*both, 2);
                    let parts: Values = values.into_iter().map(|(value, _)| value).collect();
                    return self.aggregate(repr, parts);
                }
                let (re, im) = (self.expr_as(args[0], part.id()), self.expr_as(args[1], part.id()));
                self.aggregate(repr, [re, im])
            }
            Builtin::Real | Builtin::Imag => {
                let value = self.expr(args[0]);
                self.extract(value, u32::from(which == Builtin::Imag))
            }
            Builtin::Min | Builtin::Max => {
                let mut best = self.expr_as(args[0], ty);
                for &arg in &args[1..] {
                    let next = self.expr_as(arg, ty);
                    best = self.min_max(which == Builtin::Max, ty, best, next);
                }
                best
            }
            Builtin::Recover => self.recover(),
            Builtin::Copy => {
                let prepared = self.prepare_builtin(e, which, args, dots);
                self.copy(&prepared)
            }
            Builtin::UnsafeAdd => {
                let ptr = self.expr(args[0]);
                let (offset, signed) = self.index_value(args[1]);
                let word = self.word();
                let offset = self.resize(offset, word, signed);
                self.b().ptr_add(ptr, offset)
            }
            Builtin::UnsafeSlice => self.unsafe_slice(ty, args),
            Builtin::UnsafeString => self.unsafe_string(args),
            Builtin::UnsafeSliceData | Builtin::UnsafeStringData => {
                let value = self.expr(args[0]);
                self.extract(value, 0)
            }
            // Of types that are only known here: the size of a type parameter's argument.
            Builtin::UnsafeOffsetof => self.field_offset(args[0]),
            Builtin::UnsafeSizeof | Builtin::UnsafeAlignof => {
                let arg_ty = self.ty(args[0]);
                let repr = self.repr(arg_ty);
                let layout = self.g.program.types.layout(repr);
                let value = if which == Builtin::UnsafeAlignof { layout.align } else { layout.size };
                self.word_const(value as i64)
            }
            Builtin::Clear
            | Builtin::Close
            | Builtin::Delete
            | Builtin::Panic
            | Builtin::Print
            | Builtin::Println => {
                let prepared = self.prepare_builtin(e, which, args, dots);
                self.perform(&prepared);
                self.zero_of(ty)
            }
        }
    }

    /// Specification, "Package unsafe": the offset in the struct that the field is selected of; fields embedded on the way
    /// count, pointers are none.
    fn field_offset(&mut self, e: ExprId) -> Value {
        let e = self.tree.unparen(e);
        let ExprKind::Selector { x, .. } = self.tree[e].kind else { return self.word_const(0) };
        let path = self.info.selection(e).map(|selection| selection.path.to_vec()).unwrap_or_default();
        let mut ty = self.ty(x);
        if let TypeKind::Pointer(elem) = self.g.under(ty) {
            ty = self.g.canonical(elem);
        }
        let mut offset = 0;
        for index in path {
            let TypeKind::Struct(fields) = self.g.under(ty) else { break };
            let repr = self.repr(ty);
            offset += self.g.program.types.field_offset(repr, index as usize);
            ty = self.g.canonical(fields[index as usize].ty);
        }
        self.word_const(offset as i64)
    }

    fn len_or_cap(&mut self, x: ExprId, cap: bool) -> Value {
        let ty = self.ty(x);
        match self.g.under(ty) {
            TypeKind::Slice(_) => {
                let slice = self.expr(x);
                if cap { self.cap_of(slice) } else { self.len_of(slice) }
            }
            TypeKind::Map { .. } => {
                let (map, int) = (self.expr(x), self.int());
                self.rt1("runtime.maplen", int, [map])
            }
            TypeKind::Chan { .. } => {
                let (chan, int) = (self.expr(x), self.int());
                self.rt1(if cap { "runtime.chancap" } else { "runtime.chanlen" }, int, [chan])
            }
            TypeKind::Array { len, .. } => {
                self.effect(x);
                self.int_const(len as i64)
            }
            TypeKind::Pointer(array) => {
                self.effect(x);
                let len = if let TypeKind::Array { len, .. } = self.g.under(array) { len } else { 0 };
                self.int_const(len as i64)
            }
            _ if self.g.num(ty) == Num::String => {
                let string = self.expr(x);
                self.len_of(string)
            }
            _ => {
                let (pos, name) = (self.tree[x].pos, self.g.type_name(ty));
                self.broken(pos, &format!("the length of a {name}"));
                self.int_const(0)
            }
        }
    }

    /// `new(T)`, `new(expr)`
    fn new_object(&mut self, ty: TypeId, arg: ExprId) -> Value {
        let TypeKind::Pointer(elem) = self.g.under(ty) else { return self.null() };
        let elem = self.g.canonical(elem);
        let repr = self.repr(elem);
        if self.info.expr(arg).mode == Mode::Type {
            return self.alloc(repr);
        }
        let value = self.expr_as(arg, elem);
        let object = self.alloc(repr);
        self.store_place(object, value);
        object
    }

    fn make(&mut self, ty: TypeId, args: &[ExprId]) -> Value {
        match self.g.under(ty) {
            TypeKind::Slice(elem) => {
                let elem = self.g.canonical(elem);
                let repr = self.repr(elem);
                let len = self.size_operand(args[1]);
                let cap = args.get(2).map_or(len, |&cap| self.size_operand(cap));
                let slice = self.g.program.types.slice();
                self.g.needs(Op::MakeSlice);
                self.op_value(Op::MakeSlice, slice, vec![len, cap], Aux::Type(repr))
            }
            TypeKind::Map { .. } => {
                let hint = match args.get(1) {
                    Some(&hint) => self.size_operand(hint),
                    None => self.int_const(0),
                };
                self.make_map(ty, hint)
            }
            _ => {
                let size = match args.get(1) {
                    Some(&size) => self.size_operand(size),
                    None => self.int_const(0),
                };
                self.make_chan(ty, size)
            }
        }
    }

    /// A size as `int`; what does not fit becomes negative, which the runtime refuses.
    fn size_operand(&mut self, e: ExprId) -> Value {
        let int = self.int();
        let (value, signed) = self.index_value(e);
        if self.value_ty(value).bits() <= int.bits() {
            return value;
        }
        let small = self.resize(value, int, true);
        let wide = self.value_ty(value);
        let back = self.resize(small, wide, signed);
        let same = self.b().icmp(Cond::Eq, back, value);
        let bad = self.int_const(-1);
        self.b().select(same, small, bad)
    }

    /// `append(s, x...)` (specification, "Appending to and copying slices").
    fn append(&mut self, ty: TypeId, args: &[ExprId], dots: bool) -> Value {
        let elem = self.slice_elem(ty);
        let repr = self.repr(elem);
        if args.len() == 1 && self.is_multi_call(args[0]) {
            let mut parts = self.values(args[0], 0).into_iter();
            let Some((slice, _)) = parts.next() else { return self.zero_of(ty) };
            let values = parts.map(|(value, from)| self.assign_conv(value, from, elem)).collect();
            return self.append_values(slice, values, repr);
        }
        let slice = self.expr_as(args[0], ty);
        if dots {
            if self.info.expr(args[1]).mode == Mode::Nil {
                return slice;
            }
            let more = self.expr(args[1]);
            let (data, count) = (self.extract(more, 0), self.len_of(more));
            let (new, old_len) = self.grow(slice, count, repr);
            let base = self.extract(new, 0);
            let at = self.elem_addr(repr, base, old_len);
            let bytes = self.bytes_of(count, repr);
            self.b().intrinsic_effect(Intrinsic::Memmove, [at, data, bytes]);
            return new;
        }
        let values: Vec<Value> = args[1..].iter().map(|&arg| self.expr_as(arg, elem)).collect();
        self.append_values(slice, values, repr)
    }

    fn append_values(&mut self, slice: Value, values: Vec<Value>, repr: Type) -> Value {
        if values.is_empty() {
            return slice;
        }
        let count = self.int_const(values.len() as i64);
        let (new, old_len) = self.grow(slice, count, repr);
        let base = self.extract(new, 0);
        for (i, value) in values.into_iter().enumerate() {
            let index = if i == 0 {
                old_len
            } else {
                let i = self.int_const(i as i64);
                self.b().binary(Op::Add, old_len, i)
            };
            let addr = self.elem_addr(repr, base, index);
            self.store_place(addr, value);
        }
        new
    }

    /// The slice with `count` more elements, moved to a larger array if need be; and the old length.
    fn grow(&mut self, slice: Value, count: Value, elem: Type) -> (Value, Value) {
        let slice_ty = self.value_ty(slice);
        let (data, len, cap) = (self.extract(slice, 0), self.len_of(slice), self.cap_of(slice));
        let new_len = self.b().binary(Op::Add, len, count);
        let result = self.alloc(slice_ty);
        let (fits, grow, done) = (self.new_block(), self.new_block(), self.new_block());
        // Unsigned, so that an overflowing length is one that does not fit.
        let enough = self.b().icmp(Cond::Ule, new_len, cap);
        self.br(enough, fits, grow);
        self.enter(fits);
        let same = self.make_slice(data, new_len, cap);
        self.store(result, same);
        self.jump(done);
        self.enter(grow);
        let (size, layout) = (self.size_const(elem), self.layout_const(elem));
        let grown = self.rt1("runtime.growslice", slice_ty, [data, len, cap, new_len, size, layout]);
        self.store(result, grown);
        self.jump(done);
        self.enter(done);
        (self.load(slice_ty, result), len)
    }

    /// `count * sizeof(elem)` as a word.
    fn bytes_of(&mut self, count: Value, elem: Type) -> Value {
        let count = self.int_to_word(count);
        let size = self.g.program.types.size(elem);
        if size == 1 {
            return count;
        }
        let size = self.word_const(size as i64);
        self.b().binary(Op::Mul, count, size)
    }

    fn copy(&mut self, call: &Prepared) -> Value {
        let Callee::Builtin { types, .. } = &call.callee else { return self.null() };
        let (to, from) = (call.operands[0], call.operands[1]);
        let elem = self.slice_elem(types[0]);
        let repr = self.repr(elem);
        let (to_len, from_len) = (self.len_of(to), self.len_of(from));
        let less = self.b().icmp(Cond::Slt, to_len, from_len);
        let count = self.b().select(less, to_len, from_len);
        let (to, from) = (self.extract(to, 0), self.extract(from, 0));
        let bytes = self.bytes_of(count, repr);
        self.b().intrinsic_effect(Intrinsic::Memmove, [to, from, bytes]);
        count
    }

    /// Specification: unsafe.Slice panics on a negative length, on nil with a length, and on overflow.
    fn unsafe_slice(&mut self, ty: TypeId, args: &[ExprId]) -> Value {
        let elem = self.slice_elem(ty);
        let repr = self.repr(elem);
        let ptr = self.expr(args[0]);
        let len = self.size_operand(args[1]);
        self.unsafe_length(ptr, len, repr, 0);
        self.make_slice(ptr, len, len)
    }

    fn unsafe_string(&mut self, args: &[ExprId]) -> Value {
        // `unsafe.String(unsafe.SliceData(b), len(b))` is all of b.
        if let (Some(data), Some(len)) = (
            self.builtin_operand(args[0], Builtin::UnsafeSliceData),
            self.builtin_operand(args[1], Builtin::Len),
        ) && self.same_variable(data, len)
        {
            let slice = self.expr(data);
            let (ptr, len) = (self.extract(slice, 0), self.extract(slice, 1));
            return self.make_string(ptr, len);
        }
        let ptr = self.expr(args[0]);
        let len = self.size_operand(args[1]);
        self.unsafe_length(ptr, len, Type::I8, 2);
        self.make_string(ptr, len)
    }

    /// What a call of this built-in function is applied to.
    fn builtin_operand(&self, e: ExprId, which: Builtin) -> Option<ExprId> {
        let ExprKind::Call { fun, args, .. } = self.tree[self.tree.unparen(e)].kind else { return None };
        (self.info.expr(self.tree.unparen(fun)).mode == Mode::Builtin(which))
            .then(|| self.tree.exprs(args)[0])
    }

    /// Whether both name one variable, or one field of it.
    fn same_variable(&self, a: ExprId, b: ExprId) -> bool {
        let (a, b) = (self.tree.unparen(a), self.tree.unparen(b));
        match (&self.tree[a].kind, &self.tree[b].kind) {
            (ExprKind::Name(_), ExprKind::Name(_)) => {
                self.info.object(a).is_some() && self.info.object(a) == self.info.object(b)
            }
            (&ExprKind::Selector { x, sel }, &ExprKind::Selector { x: other, sel: of }) => {
                sel == of && self.same_variable(x, other)
            }
            _ => false,
        }
    }

    /// Panics with `code` for a bad length and with `code + 1` for nil with a length.
    fn unsafe_length(&mut self, ptr: Value, len: Value, elem: Type, code: i64) {
        // As its other checks, those of package runtime fail only by a bug of it.
        if self.func.name.starts_with("runtime.") {
            return;
        }
        let size = self.g.program.types.size(elem);
        let half = (1u64 << (self.g.target().ptr_bytes * 8 - 1).min(62)) - 1;
        let int_max = if self.int() == Type::I32 { i32::MAX as u64 } else { i64::MAX as u64 };
        let most = (half / size.max(1)).min(int_max);
        let known = self.known_int(len);
        if known.is_none_or(|len| len < 0 || len as u64 > most) {
            let limit = self.int_const(most as i64);
            let ok = self.b().icmp(Cond::Ule, len, limit);
            let code = self.iconst(Type::I8, code);
            self.panic_unless(ok, |_| code);
        }
        if known == Some(0) {
            return;
        }
        // What there is from the address to the end of the address space: nothing from nil, as 0 - 0 is 0.
        let word = self.g.target().word();
        let room = {
            let (zero, address) = (self.iconst(word, 0), self.b().convert(Op::Ptrtoint, word, ptr));
            self.b().binary(Op::Sub, zero, address)
        };
        let bytes = if size == 0 {
            // Only nil is bad.
            let zero = self.int_const(0);
            let some = self.b().icmp(Cond::Ne, len, zero);
            self.b().convert(Op::Zext, word, some)
        } else {
            self.bytes_of(len, elem)
        };
        let ok = self.b().icmp(Cond::Ule, bytes, room);
        self.panic_unless(ok, |body| {
            let null = body.is_null(ptr);
            let (of_nil, plain) = (body.iconst(Type::I8, code + 1), body.iconst(Type::I8, code));
            body.b().select(null, of_nil, plain)
        });
    }

    fn panic_unless(&mut self, ok: Value, code: impl FnOnce(&mut Self) -> Value) {
        let (fine, bad) = (self.new_block(), self.new_block());
        self.br(ok, fine, bad);
        self.enter(bad);
        let code = code(self);
        self.rt("runtime.panicUnsafeSlice", [code]);
        self.jump(fine);
        self.enter(fine);
    }

    /// Evaluates the operands of a built-in that may stand as a statement.
    pub fn prepare_builtin(
        &mut self,
        _call: ExprId,
        which: Builtin,
        args: &[ExprId],
        _dots: bool,
    ) -> Prepared {
        let mut operands = Vec::new();
        let mut types = Vec::new();
        match which {
            Builtin::Panic => {
                let any = self.g.any_type();
                operands.push(self.expr_as(args[0], any));
            }
            // `delete(f())` with two results.
            Builtin::Delete if args.len() == 1 => {
                for (value, ty) in self.values(args[0], 2) {
                    let wanted = types.first().map(|&map| self.g.under(map));
                    if let Some(TypeKind::Map { key, .. }) = wanted {
                        let key = self.g.canonical(key);
                        operands.push(self.assign_conv(value, ty, key));
                    } else {
                        operands.push(value);
                        types.push(ty);
                    }
                }
            }
            Builtin::Delete => {
                let map_ty = self.ty(args[0]);
                operands.push(self.expr(args[0]));
                types.push(map_ty);
                if let TypeKind::Map { key, .. } = self.g.under(map_ty) {
                    let key = self.g.canonical(key);
                    operands.push(self.expr_as(args[1], key));
                }
            }
            _ if args.len() == 1 && self.is_multi_call(args[0]) => {
                for (value, ty) in self.values(args[0], 0) {
                    operands.push(value);
                    types.push(ty);
                }
            }
            _ => {
                for &arg in args {
                    let ty = self.ty(arg);
                    let is_nil = self.info.expr(arg).mode == Mode::Nil;
                    types.push(ty);
                    operands.push(if is_nil { self.zero_of(ty) } else { self.expr(arg) });
                }
            }
        }
        Prepared { callee: Callee::Builtin { which, types }, operands, results: Vec::new() }
    }

    pub fn perform_builtin(&mut self, which: Builtin, types: &[TypeId], operands: &[Value]) {
        match which {
            Builtin::Panic => {
                self.g.needs(Op::Panic);
                self.b().effect(Op::Panic, [operands[0]], Aux::None);
                self.unreachable();
            }
            Builtin::Print | Builtin::Println => self.print(which == Builtin::Println, types, operands),
            Builtin::Close => {
                self.rt("runtime.closechan", [operands[0]]);
            }
            Builtin::Delete => {
                let descriptor = self.map_descriptor(types[0]);
                let slot = self.temp_with(operands[1]);
                self.rt("runtime.mapdelete", [descriptor, operands[0], slot]);
            }
            Builtin::Clear => self.clear(types[0], operands[0]),
            Builtin::Copy => {
                let callee = Callee::Builtin { which, types: types.to_vec() };
                let prepared = Prepared { callee, operands: operands.to_vec(), results: Vec::new() };
                self.copy(&prepared);
            }
            Builtin::Recover => {
                self.recover();
            }
            _ => {}
        }
    }

    fn clear(&mut self, ty: TypeId, value: Value) {
        match self.g.under(ty) {
            TypeKind::Slice(elem) => {
                let elem = self.g.canonical(elem);
                let repr = self.repr(elem);
                let (data, len) = (self.extract(value, 0), self.len_of(value));
                let bytes = self.bytes_of(len, repr);
                self.b().intrinsic_effect(Intrinsic::Memzero, [data, bytes]);
            }
            _ => {
                let descriptor = self.map_descriptor(ty);
                self.rt("runtime.mapclear", [descriptor, value]);
            }
        }
    }

    pub fn recover(&mut self) -> Value {
        self.func.attrs.recovers = true;
        self.func.attrs.noinline = true;
        self.g.needs(Op::Recover);
        let iface = self.g.program.types.iface();
        self.op_value(Op::Recover, iface, vec![], Aux::None)
    }

    /// `print` and `println` write to standard error, each call in one piece.
    fn print(&mut self, line: bool, types: &[TypeId], operands: &[Value]) {
        self.rt("runtime.printlock", []);
        for (i, (&ty, &value)) in types.iter().zip(operands).enumerate() {
            if line && i > 0 {
                self.rt("runtime.printsp", []);
            }
            self.print_one(ty, value);
        }
        if line {
            self.rt("runtime.printnl", []);
        }
        self.rt("runtime.printunlock", []);
    }

    fn print_one(&mut self, ty: TypeId, value: Value) {
        let repr = self.value_ty(value);
        match self.g.num(ty) {
            Num::Bool => self.rt("runtime.printbool", [value]),
            Num::Int { .. } if self.g.under(ty) == TypeKind::Basic(Basic::Uintptr) => {
                self.rt("runtime.printuintptr", [value])
            }
            Num::Int { signed } => {
                let wide = if repr.bits() == 64 { Type::I64 } else { Type::I32 };
                let value = self.resize(value, wide, signed);
                let name = match (signed, wide == Type::I64) {
                    (true, true) => "runtime.printint64",
                    (true, false) => "runtime.printint32",
                    (false, true) => "runtime.printuint64",
                    (false, false) => "runtime.printuint32",
                };
                self.rt(name, [value])
            }
            Num::Float if repr == Type::F32 => self.rt("runtime.printfloat32", [value]),
            Num::Float => self.rt("runtime.printfloat64", [value]),
            Num::Complex if self.part_type(repr, 0) == Type::F32 => {
                self.rt("runtime.printcomplex64", [value])
            }
            Num::Complex => self.rt("runtime.printcomplex128", [value]),
            Num::String => self.rt("runtime.printstring", [value]),
            Num::Other => match self.g.under(ty) {
                TypeKind::Slice(_) => {
                    let (data, len, cap) = (self.extract(value, 0), self.len_of(value), self.cap_of(value));
                    self.rt("runtime.printslice", [data, len, cap])
                }
                TypeKind::Interface(_) => self.rt("runtime.printeface", [value]),
                _ => self.rt("runtime.printpointer", [value]),
            },
        };
    }
}
