//! What reading a packet comes to.

/// What is found in one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// All of it is as an encoder writes it.
    Sound,
    /// No encoder writes this; why, for tests and logs.
    Damaged(&'static str),
    /// Nothing can be said: it uses what the reader does not know, or what came before it is missing.
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

/// What was read, or why not.
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

/// Damage says more than what was not read, and the first damage most.
pub fn worse(finding: Read<()>, next: Read<()>) -> Read<()> {
    match (finding, next) {
        (Ok(()), next) | (Err(Stop::Unread), next @ Err(_)) => next,
        (finding, _) => finding,
    }
}
