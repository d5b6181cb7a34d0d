//! Random frames of the clips, edited as people edit them.

use super::corpus::Clip;
use crate::random::Random;
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a frame was edited; all are saved as JPEG at half the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// A tenth of width and height is cut off, at a random place.
    Crop,
    /// A bar over 10 to 20 % of the height, at the top or the bottom, and a logo in a corner.
    Banner,
    /// Mirrored left to right, and cropped as above.
    Mirrored,
    /// Turned by a quarter or half turn, and cropped as above.
    Turned,
    /// Black bars at top and bottom, or left and right.
    Letterbox,
    /// A window of 60 to 80 % on a plain background with a few lines.
    PlainWindow,
    /// A window of 60 to 80 % on a frame of another clip.
    BusyWindow,
}

/// A frame of a clip, edited.
pub struct Picture {
    /// How it was edited.
    pub edit: Edit,
    /// Position of its clip.
    pub clip: usize,
    /// Position of the frame.
    pub frame: usize,
    /// Position of the clip that the background comes from.
    pub background: Option<usize>,
    /// Its file.
    pub path: PathBuf,
}

/// How many pictures of each kind.
const COUNTS: [(Edit, usize); 7] = [
    (Edit::Crop, 100),
    (Edit::Banner, 100),
    (Edit::Mirrored, 50),
    (Edit::Turned, 50),
    (Edit::Letterbox, 50),
    (Edit::PlainWindow, 50),
    (Edit::BusyWindow, 50),
];

/// Makes all pictures, or finds them made.
pub fn pictures(clips: &[Clip], cache: &Path) -> Result<Vec<Picture>> {
    let folder = cache.join("stills");
    fs::create_dir_all(&folder)?;
    let mut random = Random(2026);
    let (mut pictures, mut filters, mut wanted) = (Vec::new(), Vec::new(), BTreeMap::<usize, Vec<usize>>::new());
    for (edit, count) in COUNTS {
        for i in 0..count {
            let mut frame = || {
                let clip = random.below(clips.len());
                let frame = random.below(clips[clip].fingerprint.frames.len());
                wanted.entry(clip).or_default().push(frame);
                (clip, frame)
            };
            let ((clip, frame), background) = (frame(), frame());
            let path = folder.join(format!("{edit:?}-{i:03}.jpg").to_lowercase());
            filters.push((filter(edit, &mut random), background));
            let other = (edit == Edit::BusyWindow).then_some(background.0);
            pictures.push(Picture { edit, clip, frame, background: other, path });
        }
    }
    if pictures.iter().all(|picture| picture.path.is_file()) {
        return Ok(pictures);
    }
    for (clip, frames) in wanted {
        extract(clip, &clips[clip].path, frames, &folder)?;
    }
    for (picture, (filter, background)) in pictures.iter().zip(filters) {
        let inputs = [(picture.clip, picture.frame), background].map(|(clip, frame)| frame_path(&folder, clip, frame));
        make(&inputs, &filter, &picture.path)?;
    }
    Ok(pictures)
}

/// Where a frame of a clip is written to.
pub fn frame_path(folder: &Path, clip: usize, frame: usize) -> PathBuf {
    folder.join(format!("frame-{clip:02}-{frame:05}.png"))
}

/// Writes frames of a clip, as a player shows them.
pub fn extract(clip: usize, path: &Path, mut frames: Vec<usize>, folder: &Path) -> Result<()> {
    frames.sort_unstable();
    frames.dedup();
    let select: Vec<String> = frames.iter().map(|frame| format!("eq(n,{frame})")).collect();
    let numbered = folder.join("numbered-%d.png");
    ffmpeg(
        Command::new("ffmpeg")
            .arg("-i")
            .arg(path)
            .args(["-map", "0:V:0"])
            .arg("-vf")
            .arg(format!("select='{}'", select.join("+")))
            .args(["-fps_mode", "passthrough", &numbered.to_string_lossy()]),
    )?;
    for (i, frame) in frames.into_iter().enumerate() {
        fs::rename(folder.join(format!("numbered-{}.png", i + 1)), frame_path(folder, clip, frame))?;
    }
    Ok(())
}

/// Makes a picture. Inputs: the frame, and a frame of any clip as background.
fn make(inputs: &[PathBuf; 2], filter: &str, output: &Path) -> Result<()> {
    let half = "scale=trunc(iw/4)*2:trunc(ih/4)*2";
    let graph = format!("{filter},{half},format=yuvj420p[out]");
    let mut command = Command::new("ffmpeg");
    for input in inputs {
        command.arg("-i").arg(input);
    }
    ffmpeg(command.args(["-filter_complex", &graph, "-map", "[out]", "-frames:v", "1", "-q:v", "4"]).arg(output))
}

/// Runs ffmpeg, which may write over what is there.
pub fn ffmpeg(command: &mut Command) -> Result<()> {
    let output = command.args(["-v", "error", "-y"]).output()?;
    if !output.status.success() {
        bail!("ffmpeg failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn filter(edit: Edit, random: &mut Random) -> String {
    let crop = format!("crop=0.9*iw:0.9*ih:{:.3}*iw:{:.3}*ih", 0.1 * random.unit(), 0.1 * random.unit());
    match edit {
        Edit::Crop => format!("[0]{crop}"),
        Edit::Banner => banner(random),
        Edit::Mirrored => format!("[0]hflip,{crop}"),
        Edit::Turned => {
            format!("[0]{},{crop}", ["transpose=clock", "transpose=cclock", "hflip,vflip"][random.below(3)])
        }
        Edit::Letterbox => {
            let share = 1.0 + 0.1 + 0.3 * random.unit();
            match random.below(2) {
                0 => format!("[0]pad=iw:{share:.3}*ih:0:(oh-ih)/2"),
                _ => format!("[0]pad={share:.3}*iw:ih:(ow-iw)/2:0"),
            }
        }
        Edit::PlainWindow => {
            let (size, x, y) = window(random);
            format!(
                "[0]pad=iw/{size:.3}:ih/{size:.3}:{x:.3}*(ow-iw):{y:.3}*(oh-ih):0x282830,\
                 drawbox=0.03*iw:0.03*ih:0.2*iw:0.02*ih:0xc0c0c0:fill,drawbox=0.05*iw:0.96*ih:0.6*iw:0.01*ih:0xd04040:fill"
            )
        }
        Edit::BusyWindow => {
            let (size, x, y) = window(random);
            format!(
                "[1][0]scale2ref=iw/{size:.3}:ih/{size:.3}[back][front];\
                 [back][front]overlay={x:.3}*(W-w):{y:.3}*(H-h)"
            )
        }
    }
}

/// Size and place of a window.
fn window(random: &mut Random) -> (f64, f64, f64) {
    (0.6 + 0.2 * random.unit(), random.unit(), random.unit())
}

fn banner(random: &mut Random) -> String {
    let height = 0.1 + 0.1 * random.unit();
    let (y, logo_y) = [(0.0, 0.88), (1.0 - height, 0.03)][random.below(2)];
    let logo_x = [0.03, 0.87][random.below(2)];
    let colour = ["0xb01020", "0x101830", "0xf0f0f0"][random.below(3)];
    format!(
        "[0]drawbox=0:{y:.3}*ih:iw:{height:.3}*ih:{colour}:fill,\
         drawbox=0.05*iw:({y:.3}+{height:.3}*0.3)*ih:{:.3}*iw:{height:.3}*0.3*ih:0x909090:fill,\
         drawbox={logo_x}*iw:{logo_y}*ih:0.1*iw:0.08*ih:0xffd000:fill",
        0.3 + 0.5 * random.unit()
    )
}
