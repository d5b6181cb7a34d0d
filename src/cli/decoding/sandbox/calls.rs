//! The system calls left to ffmpeg: those of a program that computes, reads files and writes to its pipes.
//!
//! Any other call fails as if the kernel did not have it (`ENOSYS`), which libraries are prepared for: sockets, signals to others,
//! processes, ptrace, changes to files under any name, and whatever later kernels bring.

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};
use std::collections::BTreeMap;

/// Calls allowed with any arguments. None of them changes a file, or reaches another process.
#[rustfmt::skip]
const ANY: &[c_long] = &[
    // Files, of which Landlock allows only a few, and pipes.
    libc::SYS_read, libc::SYS_readv, libc::SYS_pread64, libc::SYS_preadv, libc::SYS_write, libc::SYS_writev, libc::SYS_lseek,
    libc::SYS_close, libc::SYS_fstat, libc::SYS_newfstatat, libc::SYS_statx, libc::SYS_statfs, libc::SYS_fstatfs,
    libc::SYS_faccessat, libc::SYS_faccessat2, libc::SYS_readlinkat, libc::SYS_getcwd, libc::SYS_dup, libc::SYS_dup3,
    libc::SYS_pipe2, libc::SYS_eventfd2, libc::SYS_ppoll, libc::SYS_pselect6, libc::SYS_epoll_create1, libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    // Memory.
    libc::SYS_brk, libc::SYS_mmap, libc::SYS_munmap, libc::SYS_mprotect, libc::SYS_mremap, libc::SYS_madvise,
    libc::SYS_mlock, libc::SYS_munlock, libc::SYS_membarrier, libc::SYS_get_mempolicy, libc::SYS_set_mempolicy,
    // Threads and their own signals.
    libc::SYS_futex, libc::SYS_set_robust_list, libc::SYS_set_tid_address, libc::SYS_rseq, libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity, libc::SYS_getcpu, libc::SYS_rt_sigaction, libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn, libc::SYS_sigaltstack, libc::SYS_restart_syscall, libc::SYS_exit, libc::SYS_exit_group,
    // Its own identity, its machine, and the time.
    libc::SYS_getpid, libc::SYS_getppid, libc::SYS_gettid, libc::SYS_getuid, libc::SYS_geteuid, libc::SYS_getgid,
    libc::SYS_getegid, libc::SYS_uname, libc::SYS_sysinfo, libc::SYS_getrusage, libc::SYS_times, libc::SYS_getrandom,
    libc::SYS_clock_gettime, libc::SYS_clock_getres, libc::SYS_gettimeofday, libc::SYS_nanosleep, libc::SYS_clock_nanosleep,
    // This process still has to become ffmpeg. Landlock lets it become nothing else, now or later.
    libc::SYS_execve,
];

/// Older calls that only this architecture has.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const OWN: &[c_long] = &[
    libc::SYS_stat, libc::SYS_lstat, libc::SYS_access, libc::SYS_readlink, libc::SYS_dup2, libc::SYS_pipe, libc::SYS_poll,
    libc::SYS_select, libc::SYS_epoll_create, libc::SYS_epoll_wait, libc::SYS_eventfd, libc::SYS_getrlimit, libc::SYS_time,
    libc::SYS_arch_prctl,
];
/// Calls that only this architecture has.
#[cfg(target_arch = "riscv64")]
const OWN: &[c_long] = &[libc::SYS_riscv_flush_icache, libc::SYS_riscv_hwprobe];
/// Calls that only this architecture has.
#[cfg(target_arch = "aarch64")]
const OWN: &[c_long] = &[];

/// Flags that open a file to change, create or empty it.
const OPENS_TO_CHANGE: u64 = (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC) as u64;
/// Operations on open files: copies, flags, their own locks, a pipe's size. Not whom to signal.
const ON_FILES: [i32; 7] = [
    libc::F_DUPFD,
    libc::F_DUPFD_CLOEXEC,
    libc::F_GETFD,
    libc::F_SETFD,
    libc::F_GETFL,
    libc::F_GETPIPE_SZ,
    libc::F_SETPIPE_SZ,
];
/// Questions to a device: whether it is a terminal, and how wide. Other operations can change attributes of files opened for
/// reading.
const ON_DEVICES: [i32; 2] = [libc::TCGETS as i32, libc::TIOCGWINSZ as i32];
/// What threads say of themselves: their names, and names for their memory.
const ON_THREADS: [i32; 4] = [libc::PR_SET_NAME, libc::PR_GET_NAME, libc::PR_SET_VMA, libc::PR_CAPBSET_READ];

/// Limits this thread, and what it becomes, to these calls.
pub fn confine() -> Result<(), String> {
    let filter = filter().map_err(|error| format!("system calls: {error}"))?;
    apply_filter(&filter).map_err(|error| format!("system calls: {error}"))
}

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let equal = SeccompCmpOp::Eq;
    let one_of = |argument, values: &[u64]| -> Result<Vec<SeccompRule>, _> {
        values.iter().map(|&value| rule(argument, equal.clone(), value)).collect()
    };
    let numbers = |values: &[i32]| values.iter().map(|&value| value as u64).collect::<Vec<_>>();
    let read_only = |argument| Ok(vec![rule(argument, SeccompCmpOp::MaskedEq(OPENS_TO_CHANGE), 0)?]);
    let thread = libc::CLONE_THREAD as u64;
    let own = u64::from(std::process::id());

    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ANY.iter().chain(OWN).map(|&call| (call, Vec::new())).collect();
    rules.insert(libc::SYS_openat, read_only(2)?);
    #[cfg(target_arch = "x86_64")]
    rules.insert(libc::SYS_open, read_only(1)?);
    rules.insert(libc::SYS_clone, vec![rule(0, SeccompCmpOp::MaskedEq(thread), thread)?]);
    rules.insert(libc::SYS_tgkill, vec![rule(0, equal.clone(), own)?]);
    rules.insert(libc::SYS_prlimit64, one_of(0, &[0, own])?);
    rules.insert(libc::SYS_fcntl, one_of(1, &numbers(&ON_FILES))?);
    rules.insert(libc::SYS_ioctl, one_of(1, &numbers(&ON_DEVICES))?);
    rules.insert(libc::SYS_prctl, one_of(0, &numbers(&ON_THREADS))?);
    let unknown = SeccompAction::Errno(libc::ENOSYS as u32);
    SeccompFilter::new(rules, unknown, SeccompAction::Allow, std::env::consts::ARCH.try_into()?)?.try_into()
}

fn rule(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?])
}
