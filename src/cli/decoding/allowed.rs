//! What a file may reach in the installed `ffmpeg`.

use crate::cli::decoding::installed::not_installed;
use crate::cli::decoding::sandbox;
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use cotejo::ffmpeg::recipe;
use std::process::Stdio;
use std::sync::OnceLock;
use std::thread;

/// Arguments that limit the decoders and demuxers of the installed `ffmpeg`, whose lists are read once.
pub fn allowed() -> Result<&'static [String], Failure> {
    static ALLOWED: OnceLock<Vec<String>> = OnceLock::new();
    if let Some(allowed) = ALLOWED.get() {
        return Ok(allowed);
    }
    let run = |program, arguments: &[&str]| {
        let mut command = sandbox::command(program, None)?;
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = interrupt::output(&mut command).map_err(not_installed)?;
        sandbox::check_started(program, &output)?;
        Ok::<_, Failure>(output)
    };
    let (listed, started) = thread::scope(|scope| {
        // Checked before it sees a file: later messages may come from a hostile file.
        let started = scope.spawn(|| if sandbox::is_on() { run("ffprobe", &["-version"]).map(drop) } else { Ok(()) });
        (run("ffmpeg", &recipe::LIST), started.join().expect("starting a program does not panic"))
    });
    let listed = listed?;
    started?;
    let allowed = cotejo::ffmpeg::allowed::allowed(&String::from_utf8_lossy(&listed.stdout));
    Ok(ALLOWED.get_or_init(|| allowed))
}
