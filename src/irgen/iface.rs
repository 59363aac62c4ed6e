//! Which methods interface calls can reach: rapid type analysis inside the worklist. A method becomes reachable when its
//! type is converted to an interface somewhere and a method of its name is called through an interface somewhere.

use rustc_hash::{FxHashMap, FxHashSet};
use source::Name;
use types::{MethodLookup, PackageId, TypeId};

use crate::program::Gen;

/// A method's name; unexported ones with their package.
type Key = (Name, PackageId);

#[derive(Default)]
pub(crate) struct Dispatch {
    converted: FxHashSet<TypeId>,
    called: FxHashSet<Key>,
    /// Methods of converted types that nobody has called yet.
    waiting: FxHashMap<Key, Vec<Candidate>>,
    /// Methods whose wrappers are to be made.
    ready: Vec<Candidate>,
    /// Values of any type can come out of interfaces (package reflect).
    pub reflects: bool,
    pub compared: bool,
    /// Reflection can call methods by their number or name.
    calls_exported: bool,
    /// Exported methods with wrappers, for which reflection may want functions as well.
    made: Vec<Candidate>,
    /// Somebody may ask a `reflect.Type` for its methods, which come with such functions.
    asks_types: bool,
}

struct Candidate {
    ty: TypeId,
    /// Index in the method set.
    index: usize,
    name: Name,
    found: MethodLookup,
}

impl Gen<'_> {
    /// A value of a concrete type is converted to an interface.
    pub fn converted_to_interface(&mut self, ty: TypeId) {
        if !self.dispatch.converted.insert(ty) {
            return;
        }
        let set = self.store().method_set(ty);
        if set.is_empty() {
            return;
        }
        self.describe_methods(ty, &set);
        for (index, entry) in set.into_iter().enumerate() {
            let key = (entry.name, entry.pkg);
            let candidate = Candidate { ty, index, name: entry.name, found: entry.lookup };
            let by_reflection = self.dispatch.calls_exported && entry.name.is_exported();
            if by_reflection || self.dispatch.called.contains(&key) {
                self.dispatch.ready.push(candidate);
            } else {
                self.dispatch.waiting.entry(key).or_default().push(candidate);
            }
        }
    }

    /// Method `index` of an interface type is called.
    pub fn method_called(&mut self, iface: TypeId, index: u32) {
        let Some(method) = self.iface_methods(iface).get(index as usize).cloned() else { return };
        let key = (method.name, method.pkg);
        if self.dispatch.called.insert(key)
            && let Some(waiting) = self.dispatch.waiting.remove(&key)
        {
            self.dispatch.ready.extend(waiting);
        }
    }

    /// A method table for an interface type may be made at run time: a type has a method there if it has code for it.
    pub fn methods_asserted(&mut self, iface: TypeId) {
        for index in 0..self.iface_methods(iface).len() as u32 {
            self.method_called(iface, index);
        }
    }

    /// Package reflect calls methods that it finds at run time: all exported ones are reachable.
    pub fn exported_methods_called(&mut self) {
        if std::mem::replace(&mut self.dispatch.calls_exported, true) {
            return;
        }
        let mut keys: Vec<Key> =
            self.dispatch.waiting.keys().copied().filter(|(name, _)| name.is_exported()).collect();
        keys.sort_by_key(|(name, pkg)| (name.as_str(), *pkg));
        for key in keys {
            self.dispatch.ready.extend(self.dispatch.waiting.remove(&key).into_iter().flatten());
        }
    }

    /// Makes the wrappers of methods that became reachable. Returns whether there were any.
    pub fn generate_wrappers(&mut self) -> bool {
        let ready = std::mem::take(&mut self.dispatch.ready);
        let any = !ready.is_empty();
        for method in ready {
            let code = self.interface_wrapper(method.ty, &method.found, method.name);
            let rtype = self.rtype(method.ty);
            if let Some(entry) = self.program.rtypes[rtype].methods.get_mut(method.index) {
                entry.code = code;
            }
            if method.name.is_exported() {
                self.dispatch.made.push(method);
            }
        }
        any
    }

    /// Method `index` of an interface type is called, and not by package reflect. That calls methods of `reflect.Type`
    /// for programs that call any method by its name, which do not want functions of them all.
    pub fn type_method_called(&mut self, iface: TypeId, index: u32) {
        if !self.dispatch.asks_types
            && let Some(method) = self.iface_methods(iface).get(index as usize)
        {
            self.dispatch.asks_types = matches!(method.name.as_str(), "Method" | "MethodByName" | "Methods");
        }
    }

    /// Makes the functions of methods that package reflect hands out with types, where it can. Returns whether there
    /// were any.
    pub fn generate_method_exprs(&mut self) -> bool {
        let asked = self.dispatch.asks_types && self.is_reached("reflect.(*rtype).Method");
        if !asked || self.dispatch.made.is_empty() {
            return false;
        }
        for method in std::mem::take(&mut self.dispatch.made) {
            let func = self.method_expr_wrapper(method.ty, &method.found, method.name, &[]);
            let expr = func.map(|func| self.func_value_code(func));
            let rtype = self.rtype(method.ty);
            if let Some(entry) = self.program.rtypes[rtype].methods.get_mut(method.index) {
                entry.expr = expr;
            }
        }
        true
    }

    /// Interfaces are compared: types need equality functions.
    pub fn interfaces_compared(&mut self) {
        self.dispatch.compared = true;
    }
}
