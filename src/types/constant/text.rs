//! Constant strings. What `+` makes of long ones is put together only when somebody needs the bytes, so that a program may
//! name strings of gigabytes (`const b = a + a` thirty times) that it never uses.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Sums no longer than this are put together at once.
const SHORT: usize = 4 << 10;

/// The bytes of a constant string, not necessarily UTF-8.
#[derive(Clone, Debug)]
pub struct Text(Arc<Node>);

#[derive(Debug)]
enum Node {
    Bytes(Arc<[u8]>),
    Sum(usize, Text, Text),
}

impl Text {
    pub fn len(&self) -> usize {
        match &*self.0 {
            Node::Bytes(bytes) => bytes.len(),
            Node::Sum(len, ..) => *len,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `self + other`.
    pub(super) fn join(&self, other: &Text) -> Text {
        if self.is_empty() {
            return other.clone();
        }
        let len = self.len() + other.len();
        if len <= SHORT {
            return Text::from([self.bytes(), other.bytes()].concat());
        }
        // Short ends grow together: a long sum of short strings is no deep tree.
        if let Node::Sum(_, left, right) = &*self.0
            && right.len() + other.len() <= SHORT
        {
            return Text(Arc::new(Node::Sum(len, left.clone(), right.join(other))));
        }
        Text(Arc::new(Node::Sum(len, self.clone(), other.clone())))
    }

    /// All bytes.
    pub fn bytes(&self) -> Arc<[u8]> {
        if let Node::Bytes(bytes) = &*self.0 {
            return bytes.clone();
        }
        self.start(usize::MAX).into()
    }

    /// The first bytes, as many as wanted and there.
    pub(super) fn start(&self, limit: usize) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.len().min(limit));
        for chunk in self.chunks() {
            all.extend_from_slice(&chunk[..chunk.len().min(limit - all.len())]);
            if all.len() == limit {
                break;
            }
        }
        all
    }

    fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = vec![self];
        std::iter::from_fn(move || {
            let mut next = rest.pop()?;
            loop {
                match &*next.0 {
                    Node::Bytes(bytes) => return Some(&**bytes),
                    Node::Sum(_, left, right) => {
                        rest.push(right);
                        next = left;
                    }
                }
            }
        })
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text(Arc::new(Node::Bytes(bytes.into())))
    }
}

impl Drop for Text {
    /// Without recursion: sums may be deep.
    fn drop(&mut self) {
        let Some(Node::Sum(_, left, right)) = Arc::get_mut(&mut self.0) else { return };
        let none = || Text(Arc::new(Node::Bytes(Arc::default())));
        let mut rest = vec![std::mem::replace(left, none()), std::mem::replace(right, none())];
        while let Some(mut text) = rest.pop() {
            if let Some(Node::Sum(_, left, right)) = Arc::get_mut(&mut text.0) {
                rest.push(std::mem::replace(left, none()));
                rest.push(std::mem::replace(right, none()));
            }
        }
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        let (mut these, mut those) = (self.chunks(), other.chunks());
        let (mut a, mut b): (&[u8], &[u8]) = (&[], &[]);
        loop {
            if a.is_empty() {
                a = these.next().unwrap_or_default();
            }
            if b.is_empty() {
                b = those.next().unwrap_or_default();
            }
            let n = a.len().min(b.len());
            if n == 0 {
                // No chunk of a sum is empty: one text has ended.
                return a.len().cmp(&b.len());
            }
            match a[..n].cmp(&b[..n]) {
                Ordering::Equal => (a, b) = (&a[n..], &b[n..]),
                order => return order,
            }
        }
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.len() == other.len() && self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Text {}

impl Hash for Text {
    /// Of the length and the first bytes: texts of any length are cheap keys.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.start(64).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_gigabytes_and_deep_ones() {
        let mut long = Text::from(b"ab".to_vec());
        for _ in 0..30 {
            long = long.join(&long);
        }
        assert_eq!(long.len(), 2 << 30);
        assert_eq!(long.start(5), b"ababa");
        let mut deep = Text::from(vec![b'x'; SHORT]);
        for i in 0..200_000 {
            deep = deep.join(&Text::from(vec![b'a' + (i % 3) as u8; if i % 2 == 0 { SHORT } else { 1 }]));
        }
        assert_eq!(deep.len(), SHORT + 100_000 * (SHORT + 1));
        assert!(deep < long.join(&deep) || deep > long);
    }

    #[test]
    fn order_is_that_of_the_bytes() {
        let text = |parts: &[&[u8]]| {
            parts.iter().fold(Text::from(Vec::new()), |sum, &part| sum.join(&Text::from(part.to_vec())))
        };
        let (a, b) = (vec![b'a'; 3000], vec![b'b'; 3000]);
        let (one, other) = (text(&[&a, &b, &a]), text(&[&[&a[..], &b, &a].concat()]));
        assert_eq!(one, other);
        assert_eq!(one.bytes(), other.bytes());
        assert!(text(&[&a, &b]) < one);
        assert!(text(&[&a, &a, &a, &a]) < one);
        assert!(text(&[]) < text(&[b"a"]));
    }
}
