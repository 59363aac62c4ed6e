//! Short lists of values, of which a program has two for each instruction: up to three lie in the list itself.

use std::ops::{Deref, DerefMut};

use crate::entity::Value;

/// So many values lie in the list itself.
const FEW: usize = 3;

/// The few values that an instruction takes or gives. A list that has grown long stays where it is.
#[derive(Clone)]
pub struct Values(List);

#[derive(Clone)]
enum List {
    Few(u8, [Value; FEW]),
    // Boxed, so that a list takes 16 bytes and not 24.
    #[expect(clippy::box_collection)]
    Many(Box<Vec<Value>>),
}

impl Values {
    pub const fn new() -> Values {
        Values(List::Few(0, [Value(0); FEW]))
    }

    /// The list as a vector, for changes that few need to make.
    fn change<T>(&mut self, change: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        if let List::Many(values) = &mut self.0 {
            return change(values);
        }
        let mut values = self.to_vec();
        let result = change(&mut values);
        *self = Values::from(&values[..]);
        result
    }

    pub fn push(&mut self, value: Value) {
        match &mut self.0 {
            List::Few(len, values) if usize::from(*len) < FEW => {
                values[usize::from(*len)] = value;
                *len += 1;
            }
            List::Few(_, values) => {
                let mut values = values.to_vec();
                values.push(value);
                self.0 = List::Many(Box::new(values));
            }
            List::Many(values) => values.push(value),
        }
    }

    pub fn insert(&mut self, index: usize, value: Value) {
        self.change(|values| values.insert(index, value));
    }

    pub fn remove(&mut self, index: usize) -> Value {
        self.change(|values| values.remove(index))
    }

    pub fn truncate(&mut self, len: usize) {
        self.change(|values| values.truncate(len));
    }

    pub fn clear(&mut self) {
        *self = Values::new();
    }
}

impl Deref for Values {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        match &self.0 {
            List::Few(len, values) => &values[..usize::from(*len)],
            List::Many(values) => values,
        }
    }
}

impl DerefMut for Values {
    fn deref_mut(&mut self) -> &mut [Value] {
        match &mut self.0 {
            List::Few(len, values) => &mut values[..usize::from(*len)],
            List::Many(values) => values,
        }
    }
}

impl From<&[Value]> for Values {
    fn from(list: &[Value]) -> Values {
        if list.len() > FEW {
            return Values(List::Many(Box::new(list.to_vec())));
        }
        let mut values = [Value(0); FEW];
        values[..list.len()].copy_from_slice(list);
        Values(List::Few(list.len() as u8, values))
    }
}

impl From<Vec<Value>> for Values {
    fn from(list: Vec<Value>) -> Values {
        Values::from(&list[..])
    }
}

impl<const N: usize> From<[Value; N]> for Values {
    fn from(list: [Value; N]) -> Values {
        Values::from(&list[..])
    }
}

impl AsRef<[Value]> for Values {
    fn as_ref(&self) -> &[Value] {
        self
    }
}

impl Default for Values {
    fn default() -> Values {
        Values::new()
    }
}

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        **self == **other
    }
}

impl Eq for Values {}

impl Extend<Value> for Values {
    fn extend<I: IntoIterator<Item = Value>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl FromIterator<Value> for Values {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Values {
        let mut list = Values::new();
        list.extend(values);
        list
    }
}

impl<'a> IntoIterator for &'a Values {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Values {
    type Item = Value;
    type IntoIter = IntoIter;

    fn into_iter(self) -> IntoIter {
        IntoIter { list: self, next: 0 }
    }
}

/// The values of a list, one after the other.
pub struct IntoIter {
    list: Values,
    next: usize,
}

impl Iterator for IntoIter {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        let value = self.list.get(self.next).copied();
        self.next += 1;
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every change does what it does to a vector, below and above the length that lies in the list.
    #[test]
    fn like_a_vector() {
        for len in 0..7 {
            let plain: Vec<Value> = (0..len).map(Value).collect();
            let list = Values::from(plain.clone());
            assert_eq!(list[..], plain[..]);
            assert_eq!(list.clone().into_iter().collect::<Vec<Value>>(), plain);
            assert_eq!(plain.iter().copied().collect::<Values>(), list);
            let changes: [(fn(&mut Values), fn(&mut Vec<Value>)); 6] = [
                (|l| l.push(Value(9)), |v| v.push(Value(9))),
                (|l| l.insert(0, Value(9)), |v| v.insert(0, Value(9))),
                (|l| l.truncate(2), |v| v.truncate(2)),
                (Values::clear, Vec::clear),
                (|l| l.extend([Value(7), Value(8)]), |v| v.extend([Value(7), Value(8)])),
                (|l| l.reverse(), |v| v.reverse()),
            ];
            for (change_list, change_plain) in changes {
                let (mut list, mut plain) = (list.clone(), plain.clone());
                change_list(&mut list);
                change_plain(&mut plain);
                assert_eq!(list[..], plain[..]);
            }
            for index in 0..plain.len() {
                let (mut list, mut plain) = (list.clone(), plain.clone());
                assert_eq!(list.remove(index), plain.remove(index));
                assert_eq!(list[..], plain[..]);
            }
        }
    }

    #[test]
    fn size() {
        assert_eq!(size_of::<Values>(), 16);
        assert!(size_of::<crate::InstData>() <= 80, "{}", size_of::<crate::InstData>());
    }
}
