//! What a kernel can do to confine a program.

/// What the running kernel can do, found out by trying.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kernel {
    /// The version of Landlock, which keeps ffmpeg from files; `None` if there is none.
    pub landlock_abi: Option<u32>,
    /// Whether it can filter system calls, which keeps ffmpeg from everything else.
    pub has_seccomp: bool,
}
