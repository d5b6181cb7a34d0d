//! What a kernel can do to hold a program.

/// What the running kernel can do, tried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kernel {
    /// The version of Landlock, which keeps ffmpeg from files.
    pub landlock_abi: Option<u32>,
    /// Whether it filters system calls, which keeps ffmpeg from everything else.
    pub has_seccomp: bool,
}
