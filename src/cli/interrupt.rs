//! After an interrupt, nothing is left behind: no unfinished file, no running ffmpeg.
//!
//! Everything begun is listed here. A thread waits for INT, TERM and HUP (on Windows, for Ctrl-C and the like), ends or removes
//! everything on the list, and lets the signal end the program as usual. Meanwhile it holds the list: nothing new begins, and no
//! file gets its final name.

use shared_child::SharedChild;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

/// What has begun and not ended.
struct Begun {
    files: BTreeSet<PathBuf>,
    programs: Vec<Weak<SharedChild>>,
}

static BEGUN: Mutex<Begun> = Mutex::new(Begun { files: BTreeSet::new(), programs: Vec::new() });

fn begun() -> MutexGuard<'static, Begun> {
    // A panic while the list was held did not leave it in disorder.
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes an unfinished file; `path` gives its name.
pub fn begin_file<T>(make: impl FnOnce() -> io::Result<T>, path: impl Fn(&T) -> &Path) -> io::Result<T> {
    let mut begun = begun();
    let file = make()?;
    begun.files.insert(path(&file).to_owned());
    Ok(file)
}

/// Ends an unfinished file: `end` gives it its final name, or removes it.
pub fn end_file<T>(path: &Path, end: impl FnOnce() -> T) -> T {
    let mut begun = begun();
    // The signal may have come before the thread that waits for it was woken.
    if signals::has_come() {
        drop(begun);
        stay();
    }
    let ended = end();
    begun.files.remove(path);
    ended
}

/// Starts a program, which an interrupt ends.
pub fn begin_program(command: &mut Command) -> io::Result<Arc<SharedChild>> {
    // Ctrl-C reaches all programs in a terminal's foreground. ffmpeg would finish early, and its output so far would be taken for
    // the whole.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut begun = begun();
    begun.programs.retain(|program| program.strong_count() > 0);
    let program = Arc::new(SharedChild::spawn(command)?);
    begun.programs.push(Arc::downgrade(&program));
    Ok(program)
}

/// Runs a program to its end and collects its output and errors.
pub fn output(command: &mut Command) -> io::Result<Output> {
    let program = begin_program(command)?;
    let (stdout, stderr) = (program.take_stdout(), program.take_stderr());
    let errors = thread::spawn(move || read(stderr));
    let stdout = read(stdout)?;
    let stderr = errors.join().expect("reading does not panic")?;
    Ok(Output { status: program.wait()?, stdout, stderr })
}

fn read(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes))?;
    Ok(bytes)
}

/// Does not return if the program was interrupted: failures caused by it are not worth a message.
pub fn stay_if_interrupted() {
    if signals::has_come() {
        stay();
    }
}

/// Waits until the thread that waits for signals has ended the program.
fn stay() -> ! {
    loop {
        thread::park();
    }
}

/// Ends and removes everything that has begun; whoever wants to begin something waits for ever.
fn clean_up() -> MutexGuard<'static, Begun> {
    let begun = begun();
    for program in begun.programs.iter().filter_map(Weak::upgrade) {
        // Harmless if the program has ended already.
        let _ = program.kill();
        let _ = program.wait();
    }
    for file in &begun.files {
        let _ = fs::remove_file(file);
    }
    begun
}

#[cfg(unix)]
pub use signals::watch;

#[cfg(unix)]
mod signals {
    use super::clean_up;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::{flag, low_level};
    use std::io::{self, IsTerminal};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, LazyLock};
    use std::thread;

    static HAS_COME: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

    pub fn has_come() -> bool {
        HAS_COME.load(Ordering::SeqCst)
    }

    /// Starts to wait for signals.
    pub fn watch() -> io::Result<()> {
        let watched: Vec<i32> = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal)).collect();
        // Registers the thread's wait first, then the flag: a signal between the two would otherwise set the flag without waking
        // the thread.
        let mut arriving = Signals::new(&watched)?;
        for &signal in &watched {
            flag::register(signal, Arc::clone(&HAS_COME))?;
        }
        thread::Builder::new().name("signals".into()).spawn(move || {
            if let Some(signal) = arriving.forever().next() {
                let _held = clean_up();
                let _ = low_level::emulate_default_handler(signal);
            }
        })?;
        Ok(())
    }

    /// Whether the program was started with the signal ignored, as `nohup` does with HUP, and shells with INT for a script's
    /// background jobs. Then it stays ignored.
    fn is_ignored(signal: i32) -> bool {
        match std::fs::read_to_string("/proc/self/status") {
            Ok(status) => {
                let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
                mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
                    .is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
            }
            // Only Linux tells this without a call that could do harm. Under `nohup`, nothing is written to a terminal.
            Err(_) => signal == SIGHUP && !io::stderr().is_terminal(),
        }
    }
}

/// Starts to wait for Ctrl-C, Ctrl-Break and the end of the console.
#[cfg(windows)]
pub fn watch() -> io::Result<()> {
    /// Exit status of a program that Ctrl-C ended, as in shells: 128 plus the number of INT.
    const INTERRUPTED: i32 = 130;
    let handler = || {
        let _held = clean_up();
        std::process::exit(INTERRUPTED);
    };
    ctrlc::set_handler(handler).map_err(io::Error::other)
}

#[cfg(windows)]
mod signals {
    /// On Windows the waiting thread hears of it first.
    pub fn has_come() -> bool {
        false
    }
}
