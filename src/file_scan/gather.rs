//! Picks bytes at places that become known one after the other, from a file's bytes in order.

/// Holds the bytes from [`Gather::at`] on that have come so far.
#[derive(Debug, Default)]
pub struct Gather {
    at: u64,
    bytes: Vec<u8>,
}

impl Gather {
    /// The place of the first wanted byte.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The wanted bytes that have come so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The place of the next byte that is needed.
    pub fn next(&self) -> u64 {
        self.at.saturating_add(self.bytes.len() as u64)
    }

    /// Adds `bytes`, which begin at `offset`; returns whether at least `count` wanted bytes are there.
    pub fn has(&mut self, count: usize, offset: u64, bytes: &[u8]) -> bool {
        let missing = count.saturating_sub(self.bytes.len());
        let start = self.next().checked_sub(offset).and_then(|start| usize::try_from(start).ok());
        let new = start.and_then(|start| bytes.get(start..)).unwrap_or_default();
        self.bytes.extend_from_slice(&new[..new.len().min(missing)]);
        self.bytes.len() >= count
    }

    /// Moves to a later place, and keeps its bytes that have already come.
    pub fn go_on(&mut self, at: u64) {
        let passed = at.saturating_sub(self.at).min(self.bytes.len() as u64);
        self.bytes.drain(..passed as usize);
        self.at = at;
    }

    /// Moves past the first wanted byte to the next one of this value, or to the end of `bytes`, which begin at `offset`.
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
