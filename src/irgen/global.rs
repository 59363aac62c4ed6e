//! Package variables: an `ir::Global` for each that is reached, with its pragmas.

use ir::{Const, Global, GlobalId};
use types::{ObjId, TypeId};

use crate::program::Gen;

impl Gen<'_> {
    /// The global of a package variable; its initialiser becomes reachable with it.
    pub fn global(&mut self, obj: ObjId) -> Option<GlobalId> {
        if let Some(&id) = self.globals.get(&obj) {
            return Some(id);
        }
        if let Some(linked) = self.linked_variable(obj) {
            let id = self.global(linked)?;
            self.globals.insert(obj, id);
            return Some(id);
        }
        self.package_used(self.checker.store.obj(obj).pkg);
        let ty = self.checker.store.obj(obj).ty;
        let ty = self.canonical(ty);
        let repr = self.repr(ty);
        let name = self.object_name(obj);
        if self.program.types.size(repr) == 0
            && let Some(id) = self.zero_base(obj)
        {
            self.globals.insert(obj, id);
            self.variable_reached(obj);
            return Some(id);
        }
        let mut global = Global::new(name.clone(), repr);
        let directives = self.var_directives(obj);
        for directive in &directives {
            let args = directive.args();
            match directive.verb() {
                "go:extern" => {
                    global.external = true;
                    global.symbol = Some(if args.is_empty() { name.clone() } else { args.to_owned() });
                }
                "export" | "go:export" => {
                    global.symbol = Some(args.to_owned());
                    global.exported = true;
                }
                "go:section" => global.section = Some(args.to_owned()),
                "go:align" => match args.parse::<u64>() {
                    Ok(align) if align.is_power_of_two() => global.align = align,
                    _ => self.error(directive.pos, format!("//go:align {args}: not a power of two")),
                },
                _ => {}
            }
        }
        let external = global.external;
        let given = self.given_value(&name, ty).or_else(|| self.embedded(obj, ty, &directives));
        if let Some(init) = &given {
            global.init = init.clone();
        }
        let id = self.add_global(global);
        self.globals.insert(obj, id);
        if !external && given.is_none() {
            self.variable_reached(obj);
        }
        Some(id)
    }

    /// Variables without size share the address of the objects without size that are made at run time.
    fn zero_base(&mut self, obj: ObjId) -> Option<GlobalId> {
        if !self.var_directives(obj).is_empty() {
            return None;
        }
        let base = self.symbols.object(self.checker, "runtime.zerobase")?;
        self.global(base)
    }

    /// The value that the command line gives a variable (`-ldflags "-X pkg.name=value"`), or that the target does.
    fn given_value(&mut self, name: &str, ty: TypeId) -> Option<Const> {
        if let Some(text) = self.config.strings.get(name).cloned()
            && self.num(ty) == crate::arith::Num::String
        {
            return self.const_data(&types::Value::str(&text), ty);
        }
        let value = *self.config.ints.get(name)?;
        let repr = self.repr(ty);
        repr.is_int().then(|| Const::Int(crate::constant::sign_extend(value as u64, repr)))
    }

    /// The type `runtime.name`.
    pub fn runtime_type(&mut self, name: &str) -> Option<TypeId> {
        let Some(obj) = self.symbols.object(self.checker, name) else {
            self.error_with_chain(source::Pos::NONE, None, format!("package runtime has no type {name}"));
            return None;
        };
        let ty = self.checker.store.obj(obj).ty;
        Some(self.canonical(ty))
    }

    /// Whether a function of package runtime is part of the program.
    pub fn is_reached(&self, name: &str) -> bool {
        self.program.func_named(name).is_some()
    }
}
