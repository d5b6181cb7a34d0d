//! Bytes at places that become known one after the other, out of a file's bytes in order.

/// Holds the bytes from [`Gather::at`] on that came so far.
#[derive(Debug, Default)]
pub struct Gather {
    at: u64,
    bytes: Vec<u8>,
}

impl Gather {
    /// Where the bytes that are looked at begin.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// What came of them so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The first byte that is still to come.
    pub fn next(&self) -> u64 {
        self.at.saturating_add(self.bytes.len() as u64)
    }

    /// Whether there are `count` bytes, after what `bytes` adds, which begin at `offset`.
    pub fn has(&mut self, count: usize, offset: u64, bytes: &[u8]) -> bool {
        let missing = count.saturating_sub(self.bytes.len());
        let start = self.next().checked_sub(offset).and_then(|start| usize::try_from(start).ok());
        let new = start.and_then(|start| bytes.get(start..)).unwrap_or_default();
        self.bytes.extend_from_slice(&new[..new.len().min(missing)]);
        self.bytes.len() >= count
    }

    /// Goes on to a later place; what came of its bytes already is kept.
    pub fn go_on(&mut self, at: u64) {
        let passed = at.saturating_sub(self.at).min(self.bytes.len() as u64);
        self.bytes.drain(..passed as usize);
        self.at = at;
    }

    /// Goes on behind the first byte looked at, to the next one of this value, or to the end of `bytes`, which begin at `offset`.
    pub fn go_on_to(&mut self, value: u8, offset: u64, bytes: &[u8]) {
        let gathered = self.bytes.iter().skip(1).position(|&byte| byte == value);
        if let Some(passed) = gathered {
            return self.go_on(self.at + 1 + passed as u64);
        }
        let start = self.next().saturating_sub(offset).min(bytes.len() as u64) as usize;
        let passed = bytes[start..].iter().position(|&byte| byte == value).unwrap_or(bytes.len() - start);
        self.go_on(offset + (start + passed) as u64);
    }
}
