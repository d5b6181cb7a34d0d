//! Walks through a container of nested parts, each with a header that gives its kind and length.
//!
//! A [`Tree`] says which parts to enter or read; all others are skipped by their length, so memory is constant.

use super::gather::Gather;

/// Knows the parts of one kind of container.
pub trait Tree: Default {
    /// The kind of a part.
    type Kind: Copy;

    /// Reads the header at the start of `bytes`.
    fn header(bytes: &[u8]) -> Header<Self::Kind>;

    /// Says what to do with a part inside those of `path`, outermost first.
    fn meet(&mut self, path: &[Self::Kind], kind: Self::Kind) -> Meet;

    /// Takes a part's first bytes: as many as asked for, or all of a shorter part.
    fn take(&mut self, path: &[Self::Kind], kind: Self::Kind, content: &[u8]);

    /// Called when the innermost part of `path` ends.
    fn leave(&mut self, path: &[Self::Kind]);
}

/// A part's header.
#[derive(Debug)]
pub enum Header<Kind> {
    /// The header needs this many bytes.
    Needs(usize),
    /// `length` is that of the contents; `None` if the part ends with its parent.
    Of { kind: Kind, header_bytes: usize, length: Option<u64> },
    /// The bytes are no header.
    Nothing,
}

/// What to do with a part.
#[derive(Debug)]
#[non_exhaustive]
pub enum Meet {
    /// Skip it.
    PassOver,
    /// Enter it: parts begin after this many bytes.
    Enter(usize),
    /// Take this many bytes of it.
    Take(usize),
    /// Stop: this is another kind of file.
    Stop,
}

/// Walks one file.
#[derive(Debug)]
pub struct Nested<T: Tree> {
    /// The findings.
    pub tree: T,
    gather: Gather,
    path: Vec<T::Kind>,
    /// Where each part of the path ends.
    ends: Vec<u64>,
    /// The part being taken: its kind, how many of its bytes, and its end.
    taking: Option<(T::Kind, usize, u64)>,
    is_over: bool,
}

// By hand, because a derived impl would require a default kind.
impl<T: Tree> Default for Nested<T> {
    fn default() -> Self {
        let (gather, path, ends) = (Gather::default(), Vec::new(), Vec::new());
        Self { tree: T::default(), gather, path, ends, taking: None, is_over: false }
    }
}

impl<T: Tree> Nested<T> {
    /// Adds `bytes`, which begin at `offset`.
    pub fn push(&mut self, offset: u64, bytes: &[u8]) {
        while !self.is_over && self.step(offset, bytes) {}
    }

    /// The place whose bytes are needed next; `None` if there is nothing more to find.
    pub fn next(&self) -> Option<u64> {
        (!self.is_over).then(|| self.gather.next())
    }

    /// Advances by one part; false if more bytes are needed.
    fn step(&mut self, offset: u64, bytes: &[u8]) -> bool {
        if let Some((kind, count, end)) = self.taking {
            if !self.gather.has(count, offset, bytes) {
                return false;
            }
            self.tree.take(&self.path, kind, &self.gather.bytes()[..count]);
            self.taking = None;
            self.gather.go_on(end);
            return true;
        }
        if self.ends.last().is_some_and(|&end| self.gather.at() >= end) {
            self.tree.leave(&self.path);
            self.path.pop();
            self.ends.pop();
            return true;
        }
        let limit = self.ends.last().copied().unwrap_or(u64::MAX);
        match T::header(self.gather.bytes()) {
            // Padding at the end of a part.
            Header::Needs(count) if self.gather.at().saturating_add(count as u64) > limit => self.gather.go_on(limit),
            Header::Needs(count) => return self.gather.has(count, offset, bytes),
            Header::Nothing if self.ends.is_empty() => self.is_over = true,
            Header::Nothing => self.gather.go_on(limit),
            Header::Of { kind, header_bytes, length } => {
                let content = self.gather.at().saturating_add(header_bytes as u64);
                let end = length.map_or(limit, |length| content.saturating_add(length).min(limit));
                if content > limit { self.gather.go_on(limit) } else { self.meet(kind, content, end) }
            }
        }
        true
    }

    fn meet(&mut self, kind: T::Kind, content: u64, end: u64) {
        match self.tree.meet(&self.path, kind) {
            Meet::PassOver => self.gather.go_on(end),
            Meet::Enter(behind) => {
                self.path.push(kind);
                self.ends.push(end);
                self.gather.go_on(content.saturating_add(behind as u64).min(end));
            }
            Meet::Take(count) => {
                self.taking = Some((kind, count.min(end.saturating_sub(content) as usize), end));
                self.gather.go_on(content);
            }
            Meet::Stop => self.is_over = true,
        }
    }
}
