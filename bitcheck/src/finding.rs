//! The result of reading a packet.

/// What was found in one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// An encoder may have written it.
    Sound,
    /// No encoder writes this; the reason, for tests and logs.
    Damaged(&'static str),
    /// Not known: the packet uses what the reader does not know, or needs something earlier that is missing.
    Unread,
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// As [`Finding::Damaged`].
    Damaged(&'static str),
    /// As [`Finding::Unread`].
    Unread,
}

/// What was read, or why reading stopped.
pub type Read<T> = Result<T, Stop>;

impl From<Read<()>> for Finding {
    fn from(finding: Read<()>) -> Self {
        match finding {
            Ok(()) => Self::Sound,
            Err(Stop::Damaged(what)) => Self::Damaged(what),
            Err(Stop::Unread) => Self::Unread,
        }
    }
}

/// Of two findings, the one that says more: damage before unread, and the first damage before later ones.
pub fn worse(finding: Read<()>, next: Read<()>) -> Read<()> {
    match (finding, next) {
        (Ok(()), next) | (Err(Stop::Unread), next @ Err(_)) => next,
        (finding, _) => finding,
    }
}
