//! Functions that the compiler expands in place: volatile and atomic access, bit counting, machine instructions.
//!
//! Known by their symbol name, whether they have a Go body or not:
//!
//! * `runtime/volatile`: LoadUint8 … StoreUint64
//! * `sync/atomic`, `internal/runtime/atomic`: the functions on integers and pointers
//! * `math`: Abs, Copysign; and where the machine has the instruction Sqrt, Floor, Ceil, Trunc, FMA
//! * `math/bits`, `internal/runtime/sys`: counts, reversals, rotations
//! * `runtime`: memcpy, memmove, memzero, stackPointer() uintptr, trap(), KeepAlive(any), memorySize() uintptr,
//!   memoryGrow(pages uintptr) uintptr, frameAddress() uintptr, returnAddress() uintptr
//! * `device` and below: Asm(text), AsmFull(text, operands); `device/arm.SVCall0` … `SVCall4`
//! * `runtime/interrupt.New(id, handler)`, `runtime.SetFinalizer(obj, f)`

use ir::{Func, FuncId, Intrinsic, Op, Type, Value, Values};
use rustc_hash::FxHashMap;
use syntax::ast::{ExprId, ExprKind};
use types::{ObjId, TypeId};

use crate::func::FuncGen;
use crate::method::build_plain;
use crate::program::Gen;

/// What a known function does.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Known {
    VolatileLoad,
    VolatileStore,
    AtomicLoad,
    AtomicStore,
    /// Returns the new value.
    AtomicAdd,
    /// This and the next two return the old value.
    AtomicAnd,
    AtomicOr,
    AtomicSwap,
    AtomicCas,
    /// One argument and a result of its type.
    Unary(Intrinsic),
    /// Counts bits: the result is an `int`.
    Count(Intrinsic),
    /// Bits that are needed to represent a number.
    Len,
    Rotate,
    CopySign,
    Fma,
    /// No result; takes all arguments.
    Memory(Intrinsic),
    Pointer(Intrinsic),
    Trap,
    KeepAlive,
    MemorySize,
    MemoryGrow,
    Asm,
    AsmFull,
    SvCall,
    Interrupt,
    SetFinalizer,
}

#[derive(Default)]
pub(crate) struct KnownFuncs {
    cache: FxHashMap<ObjId, Option<Known>>,
}

impl Gen<'_> {
    pub fn known(&mut self, obj: ObjId) -> Option<Known> {
        if let Some(&known) = self.known_funcs.cache.get(&obj) {
            return known;
        }
        let object = self.checker.store.obj(obj);
        let is_plain = object.func().is_some_and(|f| f.recv.is_none());
        let known = if is_plain {
            let path = self.checker.store.package(object.pkg).path.clone();
            let name = object.name.as_str();
            known_function(&path, name, self.config)
        } else {
            None
        };
        self.known_funcs.cache.insert(obj, known);
        known
    }

    pub fn is_intrinsic(&mut self, obj: ObjId) -> bool {
        self.known(obj).is_some()
    }

    /// Whether the arguments of a known function are looked at as text and not evaluated.
    pub fn reads_arguments(&mut self, obj: ObjId) -> bool {
        matches!(
            self.known(obj),
            Some(Known::Asm | Known::AsmFull | Known::Interrupt | Known::SvCall | Known::SetFinalizer)
        )
    }

    /// A function that does what the compiler expands, for uses as a value and by linkname.
    pub fn intrinsic_func(&mut self, obj: ObjId) -> Option<FuncId> {
        let known = self.known(obj)?;
        if self.reads_arguments(obj) {
            let pos = self.checker.store.obj(obj).pos;
            self.error(pos, "this function can only be called".to_owned());
            return None;
        }
        let sig = self.func_signature(obj, &crate::func::Env::default());
        let name = format!("{}$func", self.object_name(obj));
        Some(self.helper(name, sig, |g, func| {
            let results = func.sig.results.clone();
            build_plain(g, func, |f| {
                let params = f.params();
                let values = f.known_call(known, &params, &results);
                f.b().ret(values);
            })
        }))
    }
}

fn known_function(path: &str, name: &str, config: &crate::Config) -> Option<Known> {
    match path {
        "runtime/volatile" if name.starts_with("LoadUint") => Some(Known::VolatileLoad),
        "runtime/volatile" if name.starts_with("StoreUint") => Some(Known::VolatileStore),
        "sync/atomic" | "internal/runtime/atomic" => known_atomic(name),
        "math" => match name {
            "Abs" => Some(Known::Unary(Intrinsic::Fabs)),
            "Copysign" => Some(Known::CopySign),
            "Sqrt" | "sqrt" if config.float_ops.sqrt => Some(Known::Unary(Intrinsic::Sqrt)),
            "Floor" if config.float_ops.rounding => Some(Known::Unary(Intrinsic::Floor)),
            "Ceil" if config.float_ops.rounding => Some(Known::Unary(Intrinsic::Ceil)),
            "Trunc" if config.float_ops.rounding => Some(Known::Unary(Intrinsic::TruncFloat)),
            "FMA" if config.float_ops.fma => Some(Known::Fma),
            _ => None,
        },
        "math/bits" | "internal/runtime/sys" => known_bits(name),
        "runtime" => match name {
            "memcpy" => Some(Known::Memory(Intrinsic::Memcpy)),
            "memmove" => Some(Known::Memory(Intrinsic::Memmove)),
            "memzero" => Some(Known::Memory(Intrinsic::Memzero)),
            "leadingZeros64" => Some(Known::Count(Intrinsic::Clz)),
            "trailingZeros64" => Some(Known::Count(Intrinsic::Ctz)),
            "onesCount64" => Some(Known::Count(Intrinsic::Popcount)),
            "stackPointer" => Some(Known::Pointer(Intrinsic::StackPointer)),
            "frameAddress" => Some(Known::Pointer(Intrinsic::FrameAddress)),
            "returnAddress" => Some(Known::Pointer(Intrinsic::ReturnAddress)),
            "trap" => Some(Known::Trap),
            "KeepAlive" => Some(Known::KeepAlive),
            "SetFinalizer" => Some(Known::SetFinalizer),
            "memorySize" => Some(Known::MemorySize),
            "memoryGrow" => Some(Known::MemoryGrow),
            _ => None,
        },
        "runtime/interrupt" if name == "New" => Some(Known::Interrupt),
        _ if path == "device" || path.starts_with("device/") => match name {
            "Asm" => Some(Known::Asm),
            "AsmFull" => Some(Known::AsmFull),
            "SVCall0" | "SVCall1" | "SVCall2" | "SVCall3" | "SVCall4" => Some(Known::SvCall),
            _ => None,
        },
        _ => None,
    }
}

/// Functions with a boolean or width suffix are told apart by their first parameter's type when they are expanded.
impl Known {
    /// It reads or writes what its first operand points to.
    fn is_atomic(self) -> bool {
        use Known::*;
        matches!(self, AtomicLoad | AtomicStore | AtomicAdd | AtomicAnd | AtomicOr | AtomicSwap | AtomicCas)
    }
}

fn known_atomic(name: &str) -> Option<Known> {
    // Typed methods have the same names but a receiver; `Loadp` and the like are plain loads of pointers.
    let known = [
        ("Load", Known::AtomicLoad),
        ("Store", Known::AtomicStore),
        ("Add", Known::AtomicAdd),
        ("Xadd", Known::AtomicAdd),
        ("Swap", Known::AtomicSwap),
        ("Xchg", Known::AtomicSwap),
        ("CompareAndSwap", Known::AtomicCas),
        ("Cas", Known::AtomicCas),
        ("And", Known::AtomicAnd),
        ("Or", Known::AtomicOr),
    ];
    known.into_iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, known)| known)
}

fn known_bits(name: &str) -> Option<Known> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    Some(match stem {
        "LeadingZeros" => Known::Count(Intrinsic::Clz),
        "TrailingZeros" => Known::Count(Intrinsic::Ctz),
        "OnesCount" => Known::Count(Intrinsic::Popcount),
        "Len" => Known::Len,
        "ReverseBytes" | "Bswap" => Known::Unary(Intrinsic::ByteSwap),
        "Reverse" => Known::Unary(Intrinsic::BitReverse),
        "RotateLeft" => Known::Rotate,
        _ => return None,
    })
}

impl FuncGen<'_, '_, '_> {
    /// A call of a known function.
    pub fn intrinsic(&mut self, obj: ObjId, call: ExprId, operands: &[Value], results: &[TypeId]) -> Values {
        let Some(known) = self.g.known(obj) else { return Values::new() };
        let reprs: Vec<Type> = results.iter().map(|&ty| self.repr(ty)).collect();
        match known {
            Known::Asm | Known::AsmFull | Known::SvCall => self.asm_call(known, obj, call, &reprs),
            Known::Interrupt => self.interrupt_new(call, results),
            Known::SetFinalizer => {
                self.set_finalizer(call);
                Values::new()
            }
            _ => self.known_call(known, operands, &reprs),
        }
    }

    fn known_call(&mut self, known: Known, args: &[Value], results: &[Type]) -> Values {
        let result = results.first().copied().unwrap_or(Type::VOID);
        let args = args.to_vec();
        if known.is_atomic() {
            self.nil_check(args[0]);
        }
        let value = match known {
            Known::VolatileLoad => self.op_value(Op::VolatileLoad, result, args, ir::Aux::None),
            Known::VolatileStore => {
                self.op_effect(Op::VolatileStore, args);
                return Values::new();
            }
            Known::AtomicLoad => self.b().intrinsic(Intrinsic::AtomicLoad, result, args),
            Known::AtomicStore => {
                self.b().intrinsic_effect(Intrinsic::AtomicStore, args);
                return Values::new();
            }
            Known::AtomicAdd => {
                let (ty, delta) = (self.value_ty(args[1]), args[1]);
                let old = self.b().intrinsic(Intrinsic::AtomicAdd, ty, args);
                self.b().binary(Op::Add, old, delta)
            }
            Known::AtomicAnd | Known::AtomicOr | Known::AtomicSwap => {
                let which = match known {
                    Known::AtomicAnd => Intrinsic::AtomicAnd,
                    Known::AtomicOr => Intrinsic::AtomicOr,
                    _ => Intrinsic::AtomicSwap,
                };
                let ty = self.value_ty(args[1]);
                self.b().intrinsic(which, ty, args)
            }
            Known::AtomicCas => self.b().intrinsic(Intrinsic::AtomicCas, Type::I1, args),
            Known::Unary(which) => self.b().intrinsic(which, result, args),
            Known::Count(which) => {
                let ty = self.value_ty(args[0]);
                let count = self.b().intrinsic(which, ty, args);
                self.resize(count, result, false)
            }
            Known::Len => {
                let ty = self.value_ty(args[0]);
                let zeros = self.b().intrinsic(Intrinsic::Clz, ty, args);
                let zeros = self.resize(zeros, result, false);
                let width = self.iconst(result, ty.bits().into());
                self.b().binary(Op::Sub, width, zeros)
            }
            Known::Rotate => {
                let count = self.resize(args[1], result, true);
                self.b().intrinsic(Intrinsic::RotateLeft, result, [args[0], count])
            }
            Known::CopySign => self.b().intrinsic(Intrinsic::CopySign, result, args),
            Known::Fma => self.b().intrinsic(Intrinsic::Fma, result, args),
            Known::Memory(which) => {
                self.b().intrinsic_effect(which, args);
                return Values::new();
            }
            Known::Pointer(which) => {
                let ptr = self.b().intrinsic(which, Type::PTR, []);
                self.b().convert(Op::Ptrtoint, result, ptr)
            }
            Known::Trap => {
                self.b().intrinsic_effect(Intrinsic::Trap, []);
                return Values::new();
            }
            Known::KeepAlive => {
                let data = self.extract(args[0], 1);
                self.b().intrinsic_effect(Intrinsic::KeepAlive, [data]);
                return Values::new();
            }
            Known::MemorySize => self.b().intrinsic(Intrinsic::MemorySize, result, []),
            Known::MemoryGrow => self.b().intrinsic(Intrinsic::MemoryGrow, result, args),
            Known::Asm | Known::AsmFull | Known::SvCall | Known::Interrupt | Known::SetFinalizer => {
                return Values::new();
            }
        };
        if results.is_empty() { Values::new() } else { Values::from([value]) }
    }

    /// The text of a constant string argument.
    fn constant_text(&mut self, e: ExprId) -> Option<String> {
        let text = self.info.value(e).and_then(|v| v.as_bytes());
        match text {
            Some(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            None => {
                self.error(self.tree[e].pos, "assembly must be a constant string");
                None
            }
        }
    }

    pub fn call_args(&self, call: ExprId) -> &[ExprId] {
        match self.tree[call].kind {
            ExprKind::Call { args, .. } => self.tree.exprs(args),
            _ => &[],
        }
    }

    fn asm_call(&mut self, known: Known, obj: ObjId, call: ExprId, results: &[Type]) -> Values {
        let args = self.call_args(call).to_vec();
        match known {
            Known::Asm => {
                if let Some(text) = args.first().and_then(|&e| self.constant_text(e)) {
                    self.asm(escape(&text), "~{memory}".to_owned(), vec![], None);
                }
                Values::new()
            }
            Known::SvCall => self.sv_call(obj, &args, results),
            _ => self.asm_full(&args, results),
        }
    }

    fn asm(
        &mut self,
        template: String,
        constraints: String,
        args: Vec<Value>,
        result: Option<Type>,
    ) -> Option<Value> {
        let aux = ir::Aux::Asm(Box::new(ir::Asm { template, constraints }));
        match result {
            Some(ty) => Some(self.op_value(Op::Asm, ty, args, aux)),
            None => {
                self.b().effect(Op::Asm, args, aux);
                None
            }
        }
    }

    /// `AsmFull(text, map[string]any{"name": value})`: `{name}` is the operand, `{}` the result.
    fn asm_full(&mut self, args: &[ExprId], results: &[Type]) -> Values {
        let Some(text) = args.first().and_then(|&e| self.constant_text(e)) else { return Values::new() };
        let mut operands: Vec<(String, Value)> = Vec::new();
        if let Some(&map) = args.get(1)
            && let ExprKind::Composite { elems, .. } = self.tree[self.tree.unparen(map)].kind
        {
            for &elem in self.tree.exprs(elems) {
                let ExprKind::KeyValue { key, value } = self.tree[elem].kind else { continue };
                let Some(name) = self.constant_text(key) else { continue };
                let value = self.expr(value);
                operands.push((name, value));
            }
        }
        let has_result = text.contains("{}");
        let word = self.word();
        let first = u32::from(has_result);
        let mut template = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find('{') {
            template.push_str(&escape(&rest[..at]));
            let Some(end) = rest[at..].find('}') else { break };
            let name = &rest[at + 1..at + end];
            match operands.iter().position(|(n, _)| n == name) {
                _ if name.is_empty() => template.push_str("$0"),
                Some(index) => template.push_str(&format!("${}", index as u32 + first)),
                None => {
                    self.error(
                        self.tree[args[0]].pos,
                        format!("assembly names operand {{{name}}}, which is not given"),
                    );
                }
            }
            rest = &rest[at + end + 1..];
        }
        template.push_str(&escape(rest));
        let mut constraints: Vec<&str> = Vec::new();
        if has_result {
            constraints.push("=&r");
        }
        constraints.extend(operands.iter().map(|_| "r"));
        constraints.push("~{memory}");
        let values = operands.into_iter().map(|(_, value)| value).collect();
        let value = self.asm(template, constraints.join(","), values, has_result.then_some(word));
        match (value, results.first()) {
            (Some(value), Some(_)) => Values::from([value]),
            (None, Some(&ty)) => Values::from([self.zero(ty)]),
            _ => Values::new(),
        }
    }

    /// `SVCallN(num, args...)`: `svc #num` with arguments in r0 to r3, result in r0.
    fn sv_call(&mut self, _obj: ObjId, args: &[ExprId], results: &[Type]) -> Values {
        let number = args.first().and_then(|&e| self.info.value(e)).and_then(types::Value::as_i64);
        let Some(number) = number else {
            if let Some(&e) = args.first() {
                self.error(self.tree[e].pos, "the number of a supervisor call must be constant");
            }
            return results.iter().map(|&ty| self.zero(ty)).collect();
        };
        let word = self.word();
        let mut values = Vec::new();
        for &arg in &args[1..] {
            let value = self.expr(arg);
            let value = match self.value_ty(value) {
                Type::PTR => self.b().convert(Op::Ptrtoint, word, value),
                ty if ty.is_int() => self.resize(value, word, false),
                _ => value,
            };
            values.push(value);
        }
        let mut constraints = vec!["={r0}".to_owned()];
        constraints
            .extend((0..values.len()).map(|i| if i == 0 { "0".to_owned() } else { format!("{{r{i}}}") }));
        constraints.extend(
            ["~{memory}", "~{r1}", "~{r2}", "~{r3}"]
                .into_iter()
                .enumerate()
                .filter(|&(i, _)| i == 0 || i >= values.len())
                .map(|(_, c)| c.to_owned()),
        );
        let value = self.asm(format!("svc #{number}"), constraints.join(","), values, Some(word));
        value.into_iter().collect()
    }

    /// `interrupt.New(id, handler)`: the handler becomes a service routine.
    fn interrupt_new(&mut self, call: ExprId, results: &[TypeId]) -> Values {
        let args = self.call_args(call).to_vec();
        let [id_expr, handler] = args[..] else { return Values::new() };
        let Some(number) = self.info.value(id_expr).and_then(types::Value::as_i64) else {
            self.error(self.tree[id_expr].pos, "interrupt ID is not a constant");
            return results.iter().map(|&ty| self.zero_of(ty)).collect();
        };
        let Some(&ty) = results.first() else { return Values::new() };
        let repr = self.repr(ty);
        let routine = self.interrupt_routine(number, handler, repr);
        let old = self.g.program.interrupts.insert(number as u32, routine);
        if old.is_some_and(|old| old != routine) {
            self.error(self.tree[call].pos, format!("interrupt {number} has several handlers"));
        }
        let marker = self.interrupt_marker(number);
        self.b().call(marker, &ir::Signature::default(), []);
        Values::from([self.interrupt_value(repr, number)])
    }

    /// What keeps the routine of an interrupt alive: it is in the vector table only if a live function names it.
    fn interrupt_marker(&mut self, number: i64) -> FuncId {
        let name = format!("interrupt.New.{number}");
        if let Some(id) = self.g.program.func_named(&name) {
            return id;
        }
        let mut func = Func::new(name, ir::Signature::default());
        func.attrs.marker = true;
        func.attrs.c_abi = true;
        func.attrs.calls.push(interrupt_symbol(number));
        self.g.add_func(func)
    }

    /// The value of type `interrupt.Interrupt` for a number.
    fn interrupt_value(&mut self, repr: Type, number: i64) -> Value {
        let part = self.part_type(repr, 0);
        let number = self.iconst(part, number);
        self.aggregate(repr, [number])
    }

    fn interrupt_routine(&mut self, number: i64, handler: ExprId, repr: Type) -> FuncId {
        let mut func = Func::new(format!("interrupt{number}"), ir::Signature::default());
        func.attrs.interrupt = true;
        func.attrs.exported = true;
        func.attrs.callback = true;
        func.attrs.symbol = Some(interrupt_symbol(number));
        func.loc = self.loc;
        let id = self.g.add_func(func.clone());
        let mut f = FuncGen::new(
            &mut *self.g,
            self.tree,
            self.info,
            self.file.clone(),
            self.version,
            self.env.clone(),
            func,
        );
        f.loc = self.loc;
        let value = f.interrupt_value(repr, number);
        let handler_inner = f.tree.unparen(handler);
        let selection = f.info.selection(handler_inner).cloned();
        let ty = f.ty(handler);
        if let (Some(selection), ExprKind::Selector { x, sel }) = (selection, f.tree[handler_inner].kind)
            && let Some(sig) = f.g.signature(ty)
            && matches!(selection.kind, types::SelectionKind::Method { .. })
        {
            let (callee, mut operands) = f.method_callee(handler_inner, x, sel, &selection, &sig);
            operands.push(value);
            f.perform(&crate::call::Prepared { callee, operands, results: vec![] });
        } else if f.is_capturing(handler_inner) {
            let pos = f.tree[handler].pos;
            f.error(pos, "interrupt function must be constant");
        } else {
            let callee = f.expr(handler);
            let sig = ir::Signature { params: vec![repr], results: vec![] };
            let call = crate::call::Prepared {
                callee: crate::call::Callee::Closure(sig),
                operands: vec![callee, value],
                results: vec![],
            };
            f.perform(&call);
        }
        f.b().ret([]);
        f.finish_as(id);
        id
    }

    fn is_capturing(&self, e: ExprId) -> bool {
        self.info.func_lit(e).is_some_and(|lit| !lit.captures.is_empty())
    }
}

/// LLVM's templates give `$` a meaning.
fn escape(text: &str) -> String {
    text.replace('$', "$$")
}

/// The symbol of an interrupt's routine, for the vector table.
fn interrupt_symbol(number: i64) -> String {
    format!("interrupt_{number}")
}
