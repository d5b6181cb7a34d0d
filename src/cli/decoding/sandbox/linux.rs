//! Linux: this command starts itself again; that process gives up everything that ffmpeg does not need, and becomes ffmpeg.
//!
//! So no code runs between a fork and ffmpeg, and nothing needs `unsafe`. The plan is passed as arguments.

mod calls;
mod program;

use super::kernel::Kernel;
use crate::cli::decoding::installed::not_installed;
use crate::cli::failure::Failure;
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd, RestrictionStatus, Ruleset,
    RulesetAttr, RulesetCreatedAttr, Scope,
};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use program::Program;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};

/// Why ffmpeg is not confined here.
pub const WITHOUT: &str = "this system has no Landlock";

/// The first argument of the process that becomes ffmpeg. No command or option has this name.
const BECOME: &str = "become-confined-ffmpeg";
/// The exit status if it does not become ffmpeg.
const EXIT_NOT_CONFINED: u8 = 125;

/// The newest Landlock to ask for; an older kernel gives what it has. Any newer right is taken from ffmpeg completely, so nothing
/// depends on how it works.
const NEWEST: ABI = ABI::V10;

/// The loader's own files: where libraries are, and which ones to load before all others.
const LOADERS_FILES: [&str; 2] = ["/etc/ld.so.cache", "/etc/ld.so.preload"];
/// Prefixes of the loader's settings in the environment. ffmpeg gets no other variable: it needs none, and `FFREPORT` would make it
/// write a log.
const LOADERS_VARIABLES: [&str; 2] = ["LD_", "GLIBC_TUNABLES"];

/// Bytes of writable memory: twice what 17 frames of 16384 x 8192 pixels in 10 bits take, 4:2:0. Address space is not limited,
/// because hardened allocators reserve terabytes of it.
const MOST_MEMORY_BYTES: u64 = 16 << 30;
/// The least processor time in seconds, for short files.
const LEAST_PROCESSOR_S: u64 = 600;
/// Processor time in milliseconds per byte of the file. Ten hours of 4K at the lowest rate in use, 100 kbit/s, get 20 days; one
/// decoder needs less than five if it manages 5 frames of 60 per second.
const PROCESSOR_MS_PER_BYTE: u64 = 4;
/// Seconds from the signal that asks ffmpeg to end to the one that kills it.
const GRACE_S: u64 = 5;
/// Open files: three pipes, the input, and a few of the loader's and of threads.
const MOST_FILES: u64 = 32;
/// A core dump would contain frames. 0 prevents only dumps to files; at 1, the kernel does not start a program that collects dumps,
/// either (`do_coredump`, "RLIMIT_CORE set to 1").
const CORE_BYTES: u64 = 1;

/// Confines this thread as far as the kernel can.
pub fn try_out() -> Kernel {
    let landlock_abi = match confine_files(&[], &[]) {
        Ok(RestrictionStatus { landlock: LandlockStatus::Available { effective_abi, kernel_abi }, .. }) => {
            Some(kernel_abi.map_or(effective_abi as u32, i32::cast_unsigned))
        }
        _ => None,
    };
    Kernel { landlock_abi, has_seccomp: calls::confine().is_ok() }
}

/// This command, with the arguments to become `program`.
pub fn command(program: &'static str, input: Option<&Path>, seccomp: bool) -> Result<Command, Failure> {
    let Program { path, interpreter, libraries } = &*find(program)?;
    let executable: Vec<&Path> =
        [Some(path), interpreter.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
    let readable: Vec<&Path> = libraries.iter().map(PathBuf::as_path).chain(input).collect();
    // By this path, because the file of the running program may have been replaced under its name.
    let mut command = Command::new("/proc/self/exe");
    command.arg(BECOME).arg(program).arg(std::process::id().to_string()).arg(u8::from(seccomp).to_string());
    for paths in [executable, readable] {
        command.arg(paths.len().to_string()).args(paths);
    }
    Ok(command)
}

/// Asks the loader once in a run.
fn find(program: &'static str) -> Result<Arc<Program>, Failure> {
    static FOUND: Mutex<Option<HashMap<&'static str, Arc<Program>>>> = Mutex::new(None);
    let mut found = FOUND.lock().expect("no thread panics while it holds the lock");
    let found = found.get_or_insert_default();
    if let Some(known) = found.get(program) {
        return Ok(Arc::clone(known));
    }
    let path = program::find(program).ok_or_else(|| not_installed(io::ErrorKind::NotFound.into()))?;
    let known = Arc::new(Program::at(path).map_err(|error| {
        Failure::new(format!("{program} cannot be held to its one file: {error}")).hint(
            "put the program itself first in the PATH; or --sandbox off goes on without, and a file made to do harm \
             could then reach others",
        )
    })?);
    found.insert(program, Arc::clone(&known));
    Ok(known)
}

/// Becomes ffmpeg if this process was started for that; returns only if that failed.
pub fn become_ffmpeg() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    arguments.next().filter(|first| first == BECOME)?;
    let failed = Plan::read(&mut arguments)
        .map_or_else(|| "its plan is not complete".to_owned(), |plan| plan.carry_out(arguments));
    eprintln!("the sandbox could not be made: {failed}");
    Some(ExitCode::from(EXIT_NOT_CONFINED))
}

/// What the process will become, and what it keeps.
struct Plan {
    name: OsString,
    parent: u32,
    seccomp: bool,
    /// The program and its loader.
    executable: Vec<PathBuf>,
    /// Libraries and the input.
    readable: Vec<PathBuf>,
}

impl Plan {
    /// Reads the arguments that [`command`] wrote.
    fn read(arguments: &mut impl Iterator<Item = OsString>) -> Option<Self> {
        let name = arguments.next()?;
        let number = |arguments: &mut dyn Iterator<Item = OsString>| arguments.next()?.to_str()?.parse::<u32>().ok();
        let (parent, seccomp) = (number(arguments)?, number(arguments)? == 1);
        let mut paths = || {
            let count = number(arguments)?;
            (0..count).map(|_| arguments.next().map(PathBuf::from)).collect::<Option<Vec<_>>>()
        };
        let (executable, readable) = (paths()?, paths()?);
        Some(Self { name, parent, seccomp, executable, readable })
    }

    /// Becomes the program; returns why not.
    fn carry_out(&self, arguments: impl Iterator<Item = OsString>) -> String {
        if let Err(failed) = self.confine() {
            return failed;
        }
        let Some(program) = self.executable.first() else { return "there is no program".to_owned() };
        let kept = std::env::vars_os().filter(|(name, _)| is_loaders(name));
        let error = Command::new(program).arg0(&self.name).args(arguments).env_clear().envs(kept).exec();
        format!("{} does not start: {error}", program.display())
    }

    fn confine(&self) -> Result<(), String> {
        end_with(self.parent).map_err(|error| format!("its end: {error}"))?;
        close_inherited().map_err(|error| format!("open files: {error}"))?;
        limit(self.readable.last()).map_err(|error| format!("limits: {error}"))?;
        let status = confine_files(&self.executable, &self.readable)?;
        if !matches!(status.landlock, LandlockStatus::Available { .. }) {
            return Err("Landlock is gone".to_owned());
        }
        if self.seccomp { calls::confine() } else { Ok(()) }
    }
}

fn is_loaders(name: &OsStr) -> bool {
    LOADERS_VARIABLES.iter().any(|start| name.as_encoded_bytes().starts_with(start.as_bytes()))
}

/// Has the kernel kill this process when the thread that started it ends.
fn end_with(parent: u32) -> io::Result<()> {
    set_pdeathsig(Signal::SIGKILL)?;
    // The parent may have ended before.
    if parent_id() == parent { Ok(()) } else { Err(io::Error::other("its parent has ended")) }
}

/// Closes files that whoever started the command left open, which Landlock does not take away.
fn close_inherited() -> io::Result<()> {
    let names = fs::read_dir("/proc/self/fd")?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    let open = names.iter().filter_map(|name| name.to_str()?.parse::<i32>().ok());
    for file in open.filter(|&file| file > 2) {
        // One of them was the folder itself, already closed.
        _ = nix::unistd::close(file);
    }
    Ok(())
}

fn limit(input: Option<&PathBuf>) -> io::Result<()> {
    let bytes = input.and_then(|input| input.metadata().ok()).map_or(0, |input| input.len());
    let processor_s = LEAST_PROCESSOR_S + bytes.saturating_mul(PROCESSOR_MS_PER_BYTE) / 1000;
    setrlimit(Resource::RLIMIT_CPU, processor_s, processor_s + GRACE_S)?;
    let limits = [
        (Resource::RLIMIT_CORE, CORE_BYTES),
        (Resource::RLIMIT_DATA, MOST_MEMORY_BYTES),
        (Resource::RLIMIT_FSIZE, 0),
        (Resource::RLIMIT_NOFILE, MOST_FILES),
    ];
    limits.into_iter().try_for_each(|(resource, most)| Ok(setrlimit(resource, most, most)?))
}

/// Forbids, as far as Landlock can, to open any other file and to reach anything outside.
fn confine_files(executable: &[PathBuf], readable: &[PathBuf]) -> Result<RestrictionStatus, String> {
    let rules = || {
        let ruleset = Ruleset::default()
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?;
        let execute: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::Execute;
        let executable = executable.iter().map(|path| (path.as_path(), execute));
        let readable = readable.iter().map(PathBuf::as_path).chain(LOADERS_FILES.map(Path::new));
        let readable = readable.map(|path| (path, AccessFs::ReadFile.into()));
        // A missing file needs no rule; and a rule for a folder would allow everything in it.
        let files = executable.chain(readable).filter(|(path, _)| path.metadata().is_ok_and(|file| !file.is_dir()));
        let rules = files.filter_map(|(path, access)| Some(PathBeneath::new(PathFd::new(path).ok()?, access)));
        ruleset.add_rules(rules.map(Ok::<_, landlock::RulesetError>))?.restrict_self()
    };
    rules().map_err(|error| format!("Landlock: {error}"))
}
