//! Walks a container of parts within parts: each has a header, which tells its kind and its length.
//!
//! Which parts are entered or read, the [`Tree`] says; all others are passed over by their length, so memory is constant.

use super::gather::Gather;

/// What is known of a container's parts.
pub trait Tree: Default {
    /// What a header calls its part.
    type Kind: Copy;

    /// Reads the header that begins with these bytes.
    fn header(bytes: &[u8]) -> Header<Self::Kind>;

    /// What to do with a part that lies in those of `path`, outermost first.
    fn meet(&mut self, path: &[Self::Kind], kind: Self::Kind) -> Meet;

    /// Takes a part's first bytes: as many as were asked for, or all that it has.
    fn take(&mut self, path: &[Self::Kind], kind: Self::Kind, content: &[u8]);

    /// The innermost part of `path` ends.
    fn leave(&mut self, path: &[Self::Kind]);
}

/// A part's header.
#[derive(Debug)]
pub enum Header<Kind> {
    /// So many bytes are needed to read it.
    Needs(usize),
    /// `length` is that of what follows the header, `None` where the part ends with what holds it.
    Of { kind: Kind, header_bytes: usize, length: Option<u64> },
    /// The bytes are no header.
    Nothing,
}

/// What to do with a part.
#[derive(Debug)]
#[non_exhaustive]
pub enum Meet {
    /// It is of no interest.
    PassOver,
    /// Parts lie in it, behind so many bytes.
    Enter(usize),
    /// So many bytes of it are to be taken.
    Take(usize),
    /// This is another kind of file.
    Stop,
}

/// Walks one file.
#[derive(Debug)]
pub struct Nested<T: Tree> {
    /// What was found.
    pub tree: T,
    gather: Gather,
    path: Vec<T::Kind>,
    /// Where each part of the path ends.
    ends: Vec<u64>,
    /// The part that is being taken: its kind, how many of its bytes, and its end.
    taking: Option<(T::Kind, usize, u64)>,
    is_over: bool,
}

// A derived one would ask for a kind with a default.
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

    /// The place whose bytes are needed next; `None` where there is nothing more to be found.
    pub fn next(&self) -> Option<u64> {
        (!self.is_over).then(|| self.gather.next())
    }

    /// Goes one part further; false where more bytes are needed.
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
