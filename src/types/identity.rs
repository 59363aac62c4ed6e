//! Identity of types that contain interfaces which embed themselves inside their own methods.
//!
//! For all other types identity is equality of canonical ids. These have no finite canonical form:
//! `type T1 interface { m() interface{ T1 } }` and the same with `T2` are compared by assuming what is being proved.

use crate::store::Store;
use crate::ty::*;

type Assumed = Vec<(TypeId, TypeId)>;

/// Types of valid programs do not nest more deeply.
const MAX_DEPTH: usize = 200;

impl Store {
    pub(crate) fn identical_cyclic(&mut self, a: TypeId, b: TypeId) -> bool {
        self.same(a, b, &mut Vec::new())
    }

    fn same(&mut self, a: TypeId, b: TypeId, assumed: &mut Assumed) -> bool {
        let (a, b) = (self.unalias(a), self.unalias(b));
        if a == b || self.canonical(a) == self.canonical(b) {
            return true;
        }
        if assumed.len() > MAX_DEPTH {
            return false;
        }
        match (self.kind(a).clone(), self.kind(b).clone()) {
            (TypeKind::Pointer(x), TypeKind::Pointer(y)) | (TypeKind::Slice(x), TypeKind::Slice(y)) => {
                self.same(x, y, assumed)
            }
            (TypeKind::Array { elem: x, len: m }, TypeKind::Array { elem: y, len: n }) => {
                m == n && self.same(x, y, assumed)
            }
            (TypeKind::Map { key: k, value: v }, TypeKind::Map { key: l, value: w }) => {
                self.same(k, l, assumed) && self.same(v, w, assumed)
            }
            (TypeKind::Chan { dir: d, elem: x }, TypeKind::Chan { dir: e, elem: y }) => {
                d == e && self.same(x, y, assumed)
            }
            (TypeKind::Tuple(x), TypeKind::Tuple(y)) => {
                x.len() == y.len() && x.iter().zip(y.iter()).all(|(&x, &y)| self.same(x, y, assumed))
            }
            (TypeKind::Struct(x), TypeKind::Struct(y)) => {
                x.len() == y.len()
                    && x.iter().zip(y.iter()).all(|(f, g)| {
                        (f.name, f.pkg, f.embedded, f.tag) == (g.name, g.pkg, g.embedded, g.tag)
                            && self.same(f.ty, g.ty, assumed)
                    })
            }
            (TypeKind::Signature(x), TypeKind::Signature(y)) => {
                x.variadic == y.variadic
                    && x.type_params == y.type_params
                    && self.same_params(&x.params, &y.params, assumed)
                    && self.same_params(&x.results, &y.results, assumed)
            }
            (TypeKind::Interface(_), TypeKind::Interface(_)) => {
                if assumed.contains(&(a, b)) {
                    return true;
                }
                let (x, y) = (self.type_set(a), self.type_set(b));
                let plain = |s: &crate::TypeSet| s.terms.is_none();
                if x.methods.len() != y.methods.len()
                    || !plain(&x)
                    || !plain(&y)
                    || x.comparable != y.comparable
                {
                    return false;
                }
                assumed.push((a, b));
                let same = x
                    .methods
                    .iter()
                    .zip(y.methods.iter())
                    .all(|(m, n)| (m.name, m.pkg) == (n.name, n.pkg) && self.same(m.sig, n.sig, assumed));
                assumed.pop();
                same
            }
            _ => false,
        }
    }

    fn same_params(&mut self, a: &[Param], b: &[Param], assumed: &mut Assumed) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(x, y)| self.same(x.ty, y.ty, assumed))
    }
}
