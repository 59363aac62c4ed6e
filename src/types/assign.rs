//! Assignments and variable declarations (specification: "Assignment statements", "Short variable declarations").

use crate::ctx::Ctx;
use crate::object::{ObjId, ObjKind, VarKind};
use crate::operand::{Label, OpMode, Operand};
use crate::ty::*;
use source::Pos;
use syntax::ast::{ExprId, ExprKind, ExprList};

pub(crate) fn measure(n: usize, unit: &str) -> String {
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}

impl Ctx<'_> {
    /// Initialises a variable with `x`; one without a type gets that of `x`.
    pub fn init_var(&mut self, obj: ObjId, mut x: Operand, context: &str) {
        let ty = self.c.store.obj(obj).ty;
        if x.is_invalid() || x.ty.is_invalid() {
            return;
        }
        let mut target = ty;
        if ty.is_invalid() {
            if matches!(&self.c.store.obj(obj).kind, ObjKind::Var(v) if v.kind == crate::VarKind::Result) {
                // A result of a type that is wrong, which has been reported.
                return;
            }
            if x.is_nil() && self.c.store.is_untyped(x.ty) {
                self.error_at(x.expr, format!("use of untyped nil in {context}"));
                return;
            }
            self.single_value(&mut x);
            if x.is_invalid() {
                return;
            }
            target = self.c.store.default_type(x.ty);
            self.c.store.obj_mut(obj).ty = target;
        }
        self.assignment(&mut x, Some(target), context);
    }

    /// `lhs = rhs` for new variables. In a return statement the "variables" are the results.
    pub fn init_vars(&mut self, lhs: &[ObjId], rhs: &[ExprId], returns: Option<Pos>) {
        let context = match returns {
            Some(_) => "return statement",
            None if lhs.len() > 1 => "multiple assignment",
            None => "assignment",
        };
        // A single call goes below, for a better message about what it returns.
        if lhs.len() == rhs.len() && (lhs.len() != 1 || !self.is_call(rhs[0])) {
            for (&obj, &e) in lhs.iter().zip(rhs) {
                let (ty, name) = (self.c.store.obj(obj).ty, self.c.store.obj(obj).name);
                if returns.is_some() && ty.is_invalid() {
                    self.use_exprs(&[e]);
                    continue;
                }
                let label = if returns.is_some() && name.is_empty() {
                    Label::Text("result variable")
                } else {
                    Label::Name(name)
                };
                let wanted = self.wanted(Some(ty), label);
                let x = self.expr_for(e, wanted);
                self.init_var(obj, x, context);
            }
            return;
        }
        if rhs.len() != 1 {
            // Only one call can give several values.
            let mut valid = true;
            let mut operands = Vec::new();
            for &e in rhs {
                let x = self.expr(e, None);
                valid &= !x.is_invalid();
                operands.push(x);
            }
            if valid {
                match returns {
                    Some(pos) => self.return_count_error(pos, lhs, &operands),
                    None => self.assign_count_error(lhs.len(), rhs, rhs.len()),
                }
            }
            return;
        }
        let values = self.multi_values(rhs[0], lhs.len() == 2 && returns.is_none());
        if values.len() == lhs.len() {
            for (&obj, x) in lhs.iter().zip(values) {
                self.init_var(obj, x, context);
            }
            return;
        }
        if values.first().is_some_and(Operand::is_invalid) {
            return;
        }
        match returns {
            Some(pos) => self.return_count_error(pos, lhs, &values),
            None => self.assign_count_error(lhs.len(), rhs, values.len()),
        }
    }

    fn is_call(&self, e: ExprId) -> bool {
        matches!(self.tree[self.tree.unparen(e)].kind, ExprKind::Call { .. })
    }

    /// The values of an expression: several of a call, value and boolean where `pair` allows the second form.
    fn multi_values(&mut self, e: ExprId, pair: bool) -> Vec<Operand> {
        let x = self.multi_expr(e);
        if pair && matches!(x.mode, OpMode::MapIndex | OpMode::CommaOk) {
            let label = Label::Text("ok value of (comma, ok) expression");
            let ok = Operand { label, ..Operand::value(Basic::UntypedBool.id(), e) };
            return vec![x, ok];
        }
        let mut values = self.unpack(x);
        self.number_results(&mut values);
        values
    }

    /// Names several values of one call after their places.
    pub fn number_results(&self, values: &mut [Operand]) {
        if values.len() > 1 {
            for (i, x) in values.iter_mut().enumerate() {
                x.label = Label::Result(i as u32);
            }
        }
    }

    fn assign_count_error(&mut self, left: usize, rhs: &[ExprId], right: usize) {
        let (vars, vals) = (measure(left, "variable"), measure(right, "value"));
        let first = self.tree.unparen(rhs[0]);
        let message = match self.tree[first].kind {
            ExprKind::Call { fun, .. } if rhs.len() == 1 => {
                format!("assignment mismatch: {vars} but {} returns {vals}", self.es(fun))
            }
            _ => format!("assignment mismatch: {vars} but {vals}"),
        };
        self.error_at(rhs[0], message);
    }

    fn return_count_error(&mut self, pos: Pos, results: &[ObjId], values: &[Operand]) {
        let (at, qualifier) = if values.len() > results.len() {
            (self.tree.start(values[results.len()].expr), "too many")
        } else {
            (values.last().map_or(pos, |x| self.tree.start(x.expr)), "not enough")
        };
        let have: Vec<TypeId> = values.iter().map(|x| x.ty).collect();
        let want: Vec<TypeId> = results.iter().map(|&r| self.c.store.obj(r).ty).collect();
        let (have, want) = (self.types_summary(&have, false, false), self.types_summary(&want, false, false));
        self.error(at, format!("{qualifier} return values\n\thave {have}\n\twant {want}"));
    }

    /// `return` with values.
    pub fn return_values(&mut self, pos: Pos, results: &[ObjId], values: &[ExprId]) {
        self.init_vars(results, values, Some(pos));
    }

    // ------------------------------------------------------------------------------------------------- assignment

    /// The type of a left side; `None` if it is blank or cannot be assigned (which is reported).
    pub fn lhs_type(&mut self, e: ExprId) -> Result<Option<TypeId>, ()> {
        let inner = self.tree.unparen(e);
        if let ExprKind::Name(name) = self.tree[inner].kind {
            if name.is_blank() {
                return Ok(None);
            }
            // An assignment is no use.
            if let Some(obj) = self.lookup(name)
                && let ObjKind::Var(var) = self.c.store.obj(obj).kind
                && var.kind == VarKind::Local
            {
                let x = self.expr(e, None);
                if !var.used
                    && let ObjKind::Var(v) = &mut self.c.store.obj_mut(obj).kind
                {
                    v.used = false;
                }
                return self.check_lhs(e, x);
            }
        }
        let x = self.expr(e, None);
        self.check_lhs(e, x)
    }

    /// Evaluates a left side after an error elsewhere; whether it is valid as an expression.
    fn use_lhs(&mut self, e: ExprId) -> bool {
        match self.tree[self.tree.unparen(e)].kind {
            ExprKind::Name(name) if name.is_blank() => true,
            ExprKind::Name(name) => {
                let var = self.lookup(name);
                let used = var.and_then(|v| self.c.store.obj(v).var().map(|v| v.used));
                let valid = !self.raw_expr(e, None, None, true).is_invalid();
                if let (Some(obj), Some(used)) = (var, used)
                    && let ObjKind::Var(v) = &mut self.c.store.obj_mut(obj).kind
                {
                    v.used = used;
                }
                valid
            }
            _ => !self.raw_expr(e, None, None, true).is_invalid(),
        }
    }

    fn check_lhs(&mut self, e: ExprId, x: Operand) -> Result<Option<TypeId>, ()> {
        match x.mode {
            OpMode::Invalid => return Err(()),
            OpMode::Variable => {
                self.mark_reassigned(e);
                return Ok(Some(x.ty));
            }
            OpMode::MapIndex => return Ok(Some(x.ty)),
            _ => {}
        }
        let text = self.es(x.expr);
        if let ExprKind::Selector { x: inner, .. } = self.tree[self.tree.unparen(e)].kind
            && self.facts().exprs[inner.index()].mode == crate::Mode::MapIndex
        {
            self.error_at(e, format!("cannot assign to struct field {text} in map"));
            return Err(());
        }
        self.error_at(e, format!("cannot assign to {text} (neither addressable nor a map index expression)"));
        Err(())
    }

    /// Assigns a value to a left side.
    pub fn assign_operand(&mut self, lhs: ExprId, mut x: Operand, context: &str) {
        match self.lhs_type(lhs) {
            Ok(Some(ty)) => {
                if !x.is_invalid() {
                    self.assignment(&mut x, Some(ty), context);
                }
            }
            Ok(None) => self.assign_blank(x, context),
            Err(()) => {}
        }
    }

    fn assign_blank(&mut self, mut x: Operand, context: &str) {
        let context = if context == "assignment" { "assignment to _ identifier" } else { context };
        if !x.is_invalid() {
            self.assignment(&mut x, None, context);
        }
    }

    fn assign_pair(&mut self, lhs: ExprId, rhs: ExprId, context: &str) {
        match self.lhs_type(lhs) {
            Ok(Some(ty)) => {
                let wanted = self.wanted(Some(ty), Label::Other(lhs));
                let mut x = self.expr_for(rhs, wanted);
                if !x.is_invalid() {
                    self.assignment(&mut x, Some(ty), context);
                }
            }
            Ok(None) => {
                let x = self.expr(rhs, None);
                self.assign_blank(x, context);
            }
            Err(()) => {
                self.use_exprs(&[rhs]);
            }
        }
    }

    pub fn assign_stmt(&mut self, lhs: ExprList, rhs: ExprList) {
        let (lhs, rhs) = (self.tree.exprs(lhs), self.tree.exprs(rhs));
        let context = if lhs.len() > 1 { "multiple assignment" } else { "assignment" };
        if lhs.len() == rhs.len() && (lhs.len() != 1 || !self.is_call(rhs[0])) {
            for (&l, &r) in lhs.iter().zip(rhs) {
                self.assign_pair(l, r, context);
            }
            return;
        }
        if rhs.len() != 1 {
            let mut valid = true;
            for &l in lhs {
                valid &= self.use_lhs(l);
            }
            valid &= self.use_exprs(rhs);
            if valid {
                self.assign_count_error(lhs.len(), rhs, rhs.len());
            }
            return;
        }
        let values = self.multi_values(rhs[0], lhs.len() == 2);
        if values.len() == lhs.len() {
            for (&l, x) in lhs.iter().zip(values) {
                self.assign_operand(l, x, context);
            }
            return;
        }
        let valid = !values.first().is_some_and(Operand::is_invalid);
        for &l in lhs {
            self.use_lhs(l);
        }
        if valid {
            self.assign_count_error(lhs.len(), rhs, values.len());
        }
    }

    pub fn short_var_decl(&mut self, pos: Pos, lhs: ExprList, rhs: ExprList) {
        let (lhs, rhs) = (self.tree.exprs(lhs), self.tree.exprs(rhs));
        let (vars, new, wrong) = self.define_names(lhs);
        self.init_vars(&vars, rhs, None);
        if new.is_empty() && !wrong {
            self.error(pos, "no new variables on left side of :=");
        }
        // "The scope of a ... variable identifier declared inside a function begins at the end of the ... ShortVarDecl".
        for obj in new {
            self.declare(obj);
        }
    }

    /// The variables on the left of `:=`, known ones included; the new ones again, not yet in scope; whether something
    /// else is there, which is reported.
    fn define_names(&mut self, lhs: &[ExprId]) -> (Vec<ObjId>, Vec<ObjId>, bool) {
        let (mut vars, mut new) = (Vec::with_capacity(lhs.len()), Vec::new());
        let (mut seen, mut has_error) = (Vec::new(), false);
        let mark = self.marks.last().copied().unwrap_or(0);
        for &e in lhs {
            let Some(ident) = self.ident(e) else {
                self.raw_expr(e, None, None, true);
                let text = self.es(e);
                self.error_at(e, format!("non-name {text} on left side of :="));
                has_error = true;
                vars.push(self.dummy(e));
                continue;
            };
            let name = ident.name;
            if !name.is_blank() {
                if seen.contains(&name) {
                    self.error_at(e, format!("{name} repeated on left side of :="));
                    has_error = true;
                    vars.push(self.dummy(e));
                    continue;
                }
                seen.push(name);
                if let Some(&(_, obj)) = self.locals[mark..].iter().find(|l| l.0 == name) {
                    self.record_object(e, obj);
                    if let ObjKind::Var(v) = &mut self.c.store.obj_mut(obj).kind {
                        v.reassigned = true;
                        vars.push(obj);
                    } else {
                        self.error_at(e, format!("cannot assign to {name}"));
                        has_error = true;
                        vars.push(self.dummy(e));
                    }
                    continue;
                }
            }
            let obj = self.new_local(e, name, TypeId::INVALID, VarKind::Local);
            vars.push(obj);
            if !name.is_blank() {
                new.push(obj);
            }
        }
        (vars, new, has_error)
    }

    /// A variable that stands where none could be declared.
    fn dummy(&mut self, e: ExprId) -> ObjId {
        let var = crate::object::Var::new(VarKind::Param, self.func_depth());
        let pos = self.tree[e].pos;
        self.new_object(source::Name::BLANK, pos, TypeId::INVALID, ObjKind::Var(var))
    }

    /// `var names ty = values` inside a function.
    pub fn local_var_decl(&mut self, names: ExprList, ty: Option<ExprId>, values: ExprList) {
        let (names, values) = (self.tree.exprs(names), self.tree.exprs(values));
        let typ = ty.map(|e| self.var_type(e));
        let mut vars = Vec::with_capacity(names.len());
        for &e in names {
            let Some(ident) = self.ident(e) else { continue };
            vars.push(self.new_local(e, ident.name, typ.unwrap_or(TypeId::INVALID), VarKind::Local));
        }
        if !values.is_empty() {
            if values.len() == vars.len() {
                for (&obj, &e) in vars.iter().zip(values) {
                    let wanted = self.wanted(typ, Label::Name(self.c.store.obj(obj).name));
                    let x = self.expr_for(e, wanted);
                    if typ.is_some_and(TypeId::is_invalid) {
                        continue;
                    }
                    self.init_var(obj, x, "variable declaration");
                }
            } else if values.len() == 1 {
                self.init_vars(&vars, values, None);
            } else {
                for (&obj, &e) in vars.iter().zip(values) {
                    let wanted = self.wanted(typ, Label::Name(self.c.store.obj(obj).name));
                    let x = self.expr_for(e, wanted);
                    self.init_var(obj, x, "variable declaration");
                }
                self.package_var_arity(names, values);
            }
        }
        for obj in vars {
            self.declare(obj);
        }
    }
}
