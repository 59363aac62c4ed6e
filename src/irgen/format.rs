//! Calls of package fmt whose format is a constant, taken apart into one call per operand.
//!
//! ```text
//! fmt.Printf("x=%d %s\n", x, s)     p := fmt.newPrinter()
//!                                   fmt.partDecimal(p, "x=", int64(x))
//!                                   fmt.partString(p, " ", s)
//!                                   fmt.partsPrint(p, "\n")
//! ```
//!
//! `runtime/std/fmt/parts.go` has the functions. A program whose formats are all known has no reader of formats, no
//! switch over the types of operands and no printing by reflection. `Println` and its relatives are formats of `%v`.
//! Calls with anything unusual (wrong verbs, `*`, `%#v`, structs, interfaces without methods) stay as they are.

use std::sync::Arc;

use ir::{Type, Value, Values};
use syntax::ast::{ExprId, ExprKind};
use types::{Basic, Mode, ObjKind, TypeId, TypeKind};

use crate::arith::Num;
use crate::call::{Callee, Prepared};
use crate::format_text::{self, Flags, Item};
use crate::func::FuncGen;

/// Prints values of panics that are neither strings nor errors; only in programs that may have such.
pub(crate) const PRINTS_OTHERS: &str = "fmt.partOther";

/// A call taken apart.
#[derive(Debug)]
pub(crate) struct Formatted {
    parts: Vec<Part>,
    after: Vec<u8>,
    end: End,
}

#[derive(Debug)]
struct Part {
    before: Vec<u8>,
    flags: Flags,
    how: How,
}

/// How an operand is written: by `fmt.part…`.
#[derive(Clone, Copy, PartialEq, Debug)]
enum How {
    /// A constant string without flags: it becomes text.
    Text,
    String,
    Quoted,
    Hex {
        upper: bool,
    },
    Bytes,
    QuotedBytes,
    HexBytes {
        upper: bool,
    },
    Bool,
    Decimal,
    Unsigned,
    Based {
        base: i64,
        signed: bool,
        verb: char,
    },
    Rune,
    QuotedRune,
    Unicode,
    Float {
        size: i64,
        verb: char,
        precision: i64,
    },
    Type,
    Method {
        verb: char,
    },
    QuotedMethod,
}

/// Where the text goes.
#[derive(Clone, Copy, PartialEq, Debug)]
enum End {
    String,
    Error,
    /// An error that wraps this operand.
    Wrap(usize),
    Write,
    Print,
    Append,
}

/// How operands without a format are set apart.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    Format,
    Line,
    Plain,
}

/// What a function of package fmt does.
fn known(name: &str) -> Option<(End, Style)> {
    Some(match name {
        "Sprintf" => (End::String, Style::Format),
        "Errorf" => (End::Error, Style::Format),
        "Printf" => (End::Print, Style::Format),
        "Fprintf" => (End::Write, Style::Format),
        "Appendf" => (End::Append, Style::Format),
        "Sprintln" => (End::String, Style::Line),
        "Println" => (End::Print, Style::Line),
        "Fprintln" => (End::Write, Style::Line),
        "Appendln" => (End::Append, Style::Line),
        "Sprint" => (End::String, Style::Plain),
        "Print" => (End::Print, Style::Plain),
        "Fprint" => (End::Write, Style::Plain),
        "Append" => (End::Append, Style::Plain),
        _ => return None,
    })
}

impl FuncGen<'_, '_, '_> {
    /// A call of package fmt that can be taken apart, its operands evaluated.
    pub fn prepare_formatted(&mut self, call: ExprId) -> Option<Prepared> {
        let ExprKind::Call { fun, args, dots: false, .. } = self.tree[call].kind else { return None };
        let fun = self.tree.unparen(fun);
        let obj = self.info.object(fun)?;
        let object = self.g.checker.store.obj(obj);
        if !matches!(object.kind, ObjKind::Func(_)) || self.info.selection(fun).is_some() {
            return None;
        }
        if self.g.checker.store.package(object.pkg).path != "fmt" {
            return None;
        }
        let (mut end, style) = known(object.name.as_str())?;
        self.g.symbols.object(self.g.checker, PRINTS_OTHERS)?;
        let args = self.tree.exprs(args);
        if args.iter().any(|&arg| self.is_multi_call(arg) || self.info.expr(arg).mode == Mode::Nil) {
            return None;
        }
        let target = matches!(end, End::Write | End::Append);
        let (fixed, rest) = args.split_at_checked(usize::from(target))?;
        let (items, operands) = match style {
            Style::Format => {
                let (&format, operands) = rest.split_first()?;
                let text = self.info.value(format)?.as_bytes()?.to_vec();
                (format_text::items(&text)?, operands)
            }
            _ => (self.listed(rest, style)?, rest),
        };

        let mut parts = Vec::new();
        let mut before = Vec::new();
        let mut next = 0;
        for item in items {
            let (verb, flags) = match item {
                Item::Text(text) => {
                    before.extend_from_slice(&text);
                    continue;
                }
                Item::Verb(verb, flags) => (verb, flags),
            };
            let &operand = operands.get(next)?;
            if verb == 'w' {
                if end != End::Error {
                    return None;
                }
                end = End::Wrap(parts.len());
            }
            let how = self.how(operand, verb, flags)?;
            if how == How::Text {
                before.extend_from_slice(&self.info.value(operand)?.as_bytes()?);
            }
            let text = if how == How::Text { Vec::new() } else { std::mem::take(&mut before) };
            parts.push(Part { before: text, flags, how });
            next += 1;
        }
        if next != operands.len() {
            return None;
        }

        let sig = self.ty(fun);
        let sig = self.g.signature(sig)?;
        let params = self.g.param_types(&sig.params);
        let mut values: Vec<Value> =
            fixed.iter().zip(&params).map(|(&arg, &ty)| self.expr_as(arg, ty)).collect();
        for (&operand, part) in operands.iter().zip(&parts) {
            values.push(self.part_operand(operand, part.how));
        }
        let results = self.g.param_types(&sig.results);
        let callee = Callee::Formatted(Arc::new(Formatted { parts, after: before, end }));
        Some(Prepared { callee, operands: values, results })
    }

    /// The items for operands without a format.
    fn listed(&mut self, operands: &[ExprId], style: Style) -> Option<Vec<Item>> {
        let mut items = Vec::new();
        for (i, &operand) in operands.iter().enumerate() {
            if i > 0 {
                let space = match style {
                    Style::Line => true,
                    _ => self.spaced(operands[i - 1], operand)?,
                };
                if space {
                    items.push(Item::Text(b" ".to_vec()));
                }
            }
            items.push(Item::Verb('v', Flags::default()));
        }
        if style == Style::Line {
            items.push(Item::Text(b"\n".to_vec()));
        }
        Some(items)
    }

    /// Whether `fmt.Print` writes a space between two operands: when neither is a string. Of values in interfaces only
    /// the running program knows.
    fn spaced(&mut self, a: ExprId, b: ExprId) -> Option<bool> {
        let (a, b) = (self.ty(a), self.ty(b));
        if self.g.num(a) == Num::String || self.g.num(b) == Num::String {
            return Some(false);
        }
        (!self.g.is_interface(a) && !self.g.is_interface(b)).then_some(true)
    }

    /// How package fmt writes an operand of this type with this verb; `None` for what is left to it.
    fn how(&mut self, operand: ExprId, verb: char, flags: Flags) -> Option<How> {
        // Go syntax, and addresses, which no method formats.
        if matches!(verb, 'v' | 'w') && flags.sharp || verb == 'p' {
            return None;
        }
        let ty = self.ty(operand);
        if verb == 'T' {
            return Some(How::Type);
        }
        let [formatter, stringer] = ["fmt.Formatter", "fmt.Stringer"].map(|name| {
            let obj = self.g.symbols.object(self.g.checker, name)?;
            Some(self.g.checker.store.obj(obj).ty)
        });
        let value_obj = self.g.symbols.object(self.g.checker, "reflect.Value")?;
        let value_ty = self.g.checker.store.obj(value_obj).ty;
        let error = self.g.checker.store.error;
        if ty == value_ty {
            return None;
        }
        if verb == 'w' && !self.g.checker.has_methods_of(ty, error) {
            return None;
        }
        if self.g.checker.has_methods_of(ty, formatter?) {
            return Some(How::Method { verb });
        }
        let has_text =
            self.g.checker.has_methods_of(ty, error) || self.g.checker.has_methods_of(ty, stringer?);
        if self.g.is_interface(ty) {
            // What it holds may be a reflect.Value, for which package fmt prints the value that it stands for.
            if !has_text || self.g.checker.has_methods_of(value_ty, ty) {
                return None;
            }
        }
        match verb {
            'v' | 's' | 'w' if has_text => return Some(How::Method { verb }),
            'q' if has_text => return Some(How::QuotedMethod),
            'x' | 'X' if has_text => return None,
            _ => {}
        }
        let upper = verb == 'X';
        let base = match verb {
            'b' => 2,
            'o' | 'O' => 8,
            _ => 16,
        };
        Some(match (self.g.num(ty), verb) {
            (Num::Bool, 'v' | 't') => How::Bool,
            (Num::Int { signed: true }, 'v' | 'd') => How::Decimal,
            (Num::Int { signed: false }, 'v' | 'd') => How::Unsigned,
            (Num::Int { signed }, 'b' | 'o' | 'O' | 'x' | 'X') => How::Based { base, signed, verb },
            (Num::Int { .. }, 'c') => How::Rune,
            (Num::Int { .. }, 'q') => How::QuotedRune,
            (Num::Int { .. }, 'U') => How::Unicode,
            (Num::Float, verb) => {
                let size = if self.repr(ty) == Type::F32 { 32 } else { 64 };
                let (verb, precision) = match verb {
                    'v' => ('g', -1),
                    'b' | 'g' | 'G' | 'x' | 'X' => (verb, -1),
                    'f' | 'e' | 'E' => (verb, 6),
                    'F' => ('f', 6),
                    _ => return None,
                };
                How::Float { size, verb, precision }
            }
            (Num::String, 'v' | 's') => {
                let plain = flags == Flags::default() && self.info.value(operand).is_some();
                if plain { How::Text } else { How::String }
            }
            (Num::String, 'q') => How::Quoted,
            (Num::String, 'x' | 'X') => How::Hex { upper },
            (Num::Other, 's' | 'q' | 'x' | 'X') if self.is_bytes(ty) => match verb {
                's' => How::Bytes,
                'q' => How::QuotedBytes,
                _ => How::HexBytes { upper },
            },
            _ => return None,
        })
    }

    fn is_bytes(&mut self, ty: TypeId) -> bool {
        match self.g.under(ty) {
            TypeKind::Slice(elem) => {
                let elem = self.subst(elem);
                self.g.underlying(elem) == Basic::Uint8.id()
            }
            _ => false,
        }
    }

    /// An operand as its function takes it.
    fn part_operand(&mut self, operand: ExprId, how: How) -> Value {
        let ty = self.ty(operand);
        match how {
            How::Type | How::Method { .. } | How::QuotedMethod => {
                let any = self.g.any_type();
                self.expr_as(operand, any)
            }
            How::Decimal | How::Unsigned | How::Based { .. } | How::Rune | How::QuotedRune | How::Unicode => {
                let value = self.expr_as(operand, ty);
                let signed = !self.g.is_unsigned(ty);
                self.resize(value, Type::I64, signed)
            }
            How::Float { .. } => {
                let value = self.expr_as(operand, ty);
                self.float_resize(value, Type::F64)
            }
            _ => self.expr_as(operand, ty),
        }
    }

    /// The calls that a formatted call consists of.
    pub fn perform_formatted(&mut self, call: &Formatted, operands: &[Value]) -> Values {
        let printer = self.rt1("fmt.newPrinter", Type::PTR, []);
        let (fixed, values) = operands.split_at(operands.len() - call.parts.len());
        let mut flags = Flags::default();
        for (part, &value) in call.parts.iter().zip(values) {
            if part.how == How::Text {
                continue;
            }
            // An operand may leave other flags behind than it found, but not where it found none.
            if part.flags != flags || flags != Flags::default() {
                flags = part.flags;
                let numbers = [flags.bits(), flags.width.unwrap_or(0), flags.precision.unwrap_or(0)];
                let mut args = vec![printer];
                args.extend(numbers.map(|number| self.int_const(number)));
                self.rt("fmt.partFlags", args);
            }
            let before = self.string(&part.before);
            let mut args = vec![printer, before, value];
            let rune = |f: &mut Self, verb: char| f.iconst(Type::I32, verb as i64);
            let name = match part.how {
                How::Text => continue,
                How::String => "partString",
                How::Quoted => "partQuoted",
                How::Hex { upper } | How::HexBytes { upper } => {
                    args.push(self.bool_const(upper));
                    if matches!(part.how, How::Hex { .. }) { "partHex" } else { "partHexBytes" }
                }
                How::Bytes => "partBytes",
                How::QuotedBytes => "partQuotedBytes",
                How::Bool => "partBool",
                How::Decimal => "partDecimal",
                How::Unsigned => "partUnsigned",
                How::Based { base, signed, verb } => {
                    args.push(self.int_const(base));
                    args.push(self.bool_const(signed));
                    args.push(rune(self, verb));
                    "partBased"
                }
                How::Rune => "partRune",
                How::QuotedRune => "partQuotedRune",
                How::Unicode => "partUnicode",
                How::Float { size, verb, precision } => {
                    args.push(self.int_const(size));
                    args.push(rune(self, verb));
                    args.push(self.int_const(precision));
                    "partFloat"
                }
                How::Type => "partType",
                How::Method { verb } => {
                    args.push(rune(self, verb));
                    "partMethod"
                }
                How::QuotedMethod => "partQuotedMethod",
            };
            self.rt(&format!("fmt.{name}"), args);
        }
        let after = self.string(&call.after);
        let mut args = vec![printer, after];
        args.extend(fixed);
        let name = match call.end {
            End::String => "fmt.partsString",
            End::Error => "fmt.partsError",
            End::Wrap(operand) => {
                let (any, error) = (self.g.any_type(), self.g.checker.store.error);
                args.push(self.change_iface(values[operand], any, error));
                "fmt.partsWrap"
            }
            End::Write => "fmt.partsWrite",
            End::Print => "fmt.partsPrint",
            End::Append => "fmt.partsAppend",
        };
        self.rt(name, args)
    }
}
