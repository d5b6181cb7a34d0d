//! Whether there is a standard output.
//!
//! Before `main`, Rust opens `/dev/null` in place of a closed one, and whatever is written disappears without an error. So this
//! checks earlier, in a function that runs before `main`.

#[cfg(unix)]
mod early {
    use std::sync::atomic::{AtomicBool, Ordering};

    static CLOSED: AtomicBool = AtomicBool::new(false);

    // Sound, because it needs nothing that Rust prepares for `main`: one system call and a flag.
    #[ctor::ctor(unsafe)]
    fn look() {
        CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
    }

    pub fn is_closed() -> bool {
        CLOSED.load(Ordering::Relaxed)
    }
}

/// Whether the program was started with standard output closed, as by `>&-`.
#[cfg(unix)]
pub fn is_standard_output_closed() -> bool {
    early::is_closed()
}

/// Whether the program was started without standard output.
#[cfg(windows)]
pub fn is_standard_output_closed() -> bool {
    use std::os::windows::io::AsRawHandle;
    std::io::stdout().as_raw_handle().is_null()
}
