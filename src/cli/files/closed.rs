//! Whether there is a standard output at all.
//!
//! Before `main`, Rust opens `/dev/null` in place of a closed one, and all that is written ends there without an error. So this
//! is asked earlier, where programs run what is to be done before anything else.

#[cfg(unix)]
mod early {
    use std::sync::atomic::{AtomicBool, Ordering};

    static CLOSED: AtomicBool = AtomicBool::new(false);

    // Sound, because it needs nothing that Rust prepares for `main`: one system call, and a flag.
    #[ctor::ctor(unsafe)]
    fn look() {
        CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
    }

    pub fn is_closed() -> bool {
        CLOSED.load(Ordering::Relaxed)
    }
}

/// Whether whoever started the program closed its standard output, as `>&-` does.
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
