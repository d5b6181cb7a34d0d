//! A program's name -> its file, its loader and its libraries, according to the loader.

use object::elf::{FileHeader64, PT_INTERP};
use object::read::ReadCache;
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, ReadRef};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where to look for programs without `PATH`, like the C library.
const PATH: &str = "/bin:/usr/bin";

/// A program that can run.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// Its file, with links resolved.
    pub path: PathBuf,
    /// The loader; `None` for a program without libraries.
    pub interpreter: Option<PathBuf>,
    /// The files of its libraries.
    pub libraries: Vec<PathBuf>,
}

/// The file that runs under this name. Never searches the current folder, where videos are.
pub fn find(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_else(|| PATH.into());
    let files = std::env::split_paths(&folders).filter(|folder| folder.is_absolute()).map(|folder| folder.join(name));
    files.filter_map(|file| fs::canonicalize(file).ok()).find(|file| {
        file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
    })
}

impl Program {
    /// Asks the loader.
    pub fn at(path: PathBuf) -> Result<Self, String> {
        let interpreter = interpreter(&path)?;
        let libraries = match &interpreter {
            Some(loader) => libraries(loader, &path)
                .map_err(|error| format!("{} does not list its libraries: {error}", loader.display()))?,
            None => Vec::new(),
        };
        Ok(Self { path, interpreter, libraries })
    }
}

fn interpreter(program: &Path) -> Result<Option<PathBuf>, String> {
    let unclear = |error| format!("{} is no program but perhaps a script ({error})", program.display());
    let file = ReadCache::new(File::open(program).map_err(|error| unclear(error.to_string()))?);
    named_interpreter(&file).map_err(|error| unclear(error.to_string()))
}

fn named_interpreter<'a>(file: impl ReadRef<'a>) -> object::Result<Option<PathBuf>> {
    let header = FileHeader64::<Endianness>::parse(file)?;
    let endian = header.endian()?;
    let named = header.program_headers(endian, file)?.iter().find(|part| part.p_type(endian) == PT_INTERP);
    let name = named.and_then(|part| part.data(endian, file).ok());
    Ok(name.map(|name| PathBuf::from(OsStr::from_bytes(name.split(|&byte| byte == 0).next().unwrap_or_default()))))
}

/// Libraries listed by glibc or musl, one per line: `name => /its/file (0x7f00)`.
fn libraries(loader: &Path, program: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = Command::new(loader).arg("--list").arg(program).stdin(Stdio::null()).output()?;
    if !listed.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&listed.stderr).trim().to_owned()));
    }
    Ok(listed.stdout.split(|&byte| byte == b'\n').filter_map(library).collect())
}

/// The file of a library; `None` for one without a file, like the kernel's own: it has no slash.
fn library(line: &[u8]) -> Option<PathBuf> {
    let address = line.windows(4).rposition(|bytes| bytes == b" (0x")?;
    let names = line[..address].trim_ascii();
    let file = names.windows(4).position(|bytes| bytes == b" => ").map_or(names, |arrow| &names[arrow + 4..]);
    file.contains(&b'/').then(|| PathBuf::from(OsStr::from_bytes(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_loaders_lists_are_read() {
        let file = |line: &str| library(line.as_bytes()).map(|path| path.to_str().unwrap().to_owned());
        let some = |path: &str| Some(path.to_owned());
        assert_eq!(
            file("\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f1b)"),
            some("/lib/x86_64-linux-gnu/libm.so.6")
        );
        assert_eq!(file("\t/lib64/ld-linux-x86-64.so.2 (0x00007f1b)"), some("/lib64/ld-linux-x86-64.so.2"));
        assert_eq!(file("\tliba.so => /opt/with (0x) space/liba.so (0x7f1b)"), some("/opt/with (0x) space/liba.so"));
        assert_eq!(file("\tlibrelative.so => ./librelative.so (0x7f1b)"), some("./librelative.so"));
        assert_eq!(file("\tlinux-vdso.so.1 (0x00007ffd)"), None);
        assert_eq!(file("\tlibmissing.so => not found"), None);
        assert_eq!(file(""), None);
    }

    #[test]
    fn a_program_names_its_loader_and_a_script_none() {
        let this = Program::at(std::env::current_exe().unwrap()).unwrap();
        if let Some(interpreter) = &this.interpreter {
            assert!(interpreter.is_file());
            assert!(!this.libraries.is_empty() && this.libraries.iter().all(|library| library.is_file()), "{this:?}");
        }
        let no_program = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let error = Program::at(no_program).unwrap_err();
        assert!(error.contains("Cargo.toml is no program but perhaps a script"), "{error}");
    }
}
