//! Which of ffmpeg's decoders and demuxers a file may reach.
//!
//! A file chooses a decoder for each of its streams, and already `ffprobe` runs them. ffmpeg has about 250 for pictures, most of
//! them for old games and for programs that hardly anybody has: seldom used, seldom tested, and now and then one writes outside its
//! memory. So a file gets only decoders that videos are made for. Sound and subtitles are decoded only while probing, and without
//! their decoders `ffprobe` gives a file up; all of those are allowed.
//!
//! Of ffmpeg's about 350 demuxers, a file gets those for videos that people have, and for common sound, so that the file can be
//! said to hold no video. None of them opens anything but its one input: otherwise a file's digest could accompany another file's
//! frames. docs/demuxers.md says how each was judged.

use crate::error::ErrorCode;
use std::fmt;

/// Decoders of pictures, by ffmpeg's names. Deliberately left out: `magicyuv` (CVE-2026-8461: a crafted file writes outside its
/// memory up to 7.1.4, 8.0.2 and 8.1.1) and `rasc`, `tdsc`, `notchlc` and `exr`, fixed after 5.1.4, the version in the page.
const PICTURES: [&str; 6] = [
    // Today's phones, cameras and web.
    "apv av1 evc h264 hevc libaom-av1 libdav1d libgav1 libvpx libvpx-vp9 libvvdec libxevd vp8 vp9 vvc",
    // Discs, broadcasts, and the last thirty years' phones and web.
    "cavs cinepak dirac flv h261 h263 h263i h263p indeo2 indeo3 indeo4 indeo5 libdavs2 libuavs3d mpeg1video \
     mpeg2video mpeg4 mpegvideo msmpeg4 msmpeg4v1 msmpeg4v2 msrle msvideo1 rpza rv10 rv20 rv30 rv40 rv60 smc snow \
     svq1 svq3 theora truemotion1 truemotion2 ultimotion vc1 vc1image vp3 vp4 vp5 vp6 vp6a vp6f vp7 wmv1 wmv2 wmv3 \
     wmv3image",
    // Surveillance cameras, webcams, and their recorders.
    "amv imm4 imm5 jpegls mimic mjpeg mjpegb mxpeg nuv smvjpeg sp5x vcr1",
    // Cameras and editing for film and television.
    "012v 8bps aic asv1 asv2 avrn avrp avui ayuv bitpacked cfhd cljr cllc cyuv dnxhd dvvideo dxtory dxv ffv1 \
     ffvhuff fraps hap hq_hqa hqx huffyuv hymt jpeg2000 lagarith libopenjpeg m101 pixlet prores prores_raw qdraw \
     qtrle r10k r210 rawvideo speedhq utvideo v210 v210x v308 v408 v410 vble y41p yuv4",
    // Screen recordings.
    "aasc camstudio camtasia flashsv flashsv2 g2m loco mss1 mss2 msa1 mszh mts2 mwsc rscc scpr screenpresso tscc2 \
     vmnc zlib zmbv",
    // Animated pictures, and covers of films.
    "apng bmp flic gif png targa tiff webp",
];

/// Demuxers, by ffmpeg's names; one name of each is enough. Names that an ffmpeg does not know do no harm.
const CONTAINERS: [&str; 7] = [
    // Today's phones, cameras and web.
    "asf avi flv kux live_flv matroska mov mpeg mpegts ogg",
    // Discs, broadcasts, and older phones and web.
    "ivr msnwctcp mtv nsv nut nuv pmp pva rm smjpeg swf ty vc1test vivo wtv",
    // Surveillance cameras, and their recorders.
    "dhav hxvs ifv ingenient ipu iv8 lmlm4 luodat lvf mpjpeg mxg nc sdr2",
    // Cameras and editing for film and television, and science.
    "cine dv filmstrip gxf lxf mxf r3d ser simbiosis_imx",
    // Streams without a container.
    "apv av1 avs2 avs3 cavsvideo dirac dnxhd evc h261 h263 h264 hevc ivf m4v mjpeg mjpeg_2000 mpegvideo obu vc1 vvc \
     yuv4mpegpipe",
    // Animated and single pictures, whose decoders are allowed.
    "apng bmp_pipe flic gif gif_pipe j2k_pipe jpeg_pipe jpegls_pipe png_pipe tiff_pipe webp_anim webp_pipe",
    // Sound, and the subtitles that an AVI file may hold.
    "aa aac ac3 ac4 aiff amr amrnb amrwb ape ass au caf dsf dss dts dtshd eac3 flac loas mlp mp3 mpc mpc8 oma qcp shn sox \
     spdif srt tak truehd tta voc w64 wav wsd wv xwma",
];

/// Arguments that limit `ffprobe` and `ffmpeg` to the allowed demuxers, and to the allowed ones of the decoders that `ffmpeg` lists
/// ([`super::recipe::LIST`]).
pub fn allowed(decoders: &str) -> Vec<String> {
    let decoders = names(decoders, |kind, name| match kind {
        'V' => PICTURES.iter().any(|group| is_among(group, name)),
        'A' | 'S' => true,
        _ => false,
    });
    let demuxers: Vec<&str> = containers().collect();
    ["-codec_whitelist", &decoders, "-format_whitelist", &demuxers.join(",")].map(str::to_owned).into()
}

/// The allowed demuxers, by ffmpeg's names.
pub fn containers() -> impl Iterator<Item = &'static str> {
    CONTAINERS.iter().flat_map(|group| group.split_whitespace())
}

fn is_among(names: &str, name: &str) -> bool {
    names.split_whitespace().any(|one| one == name)
}

/// The allowed names of a list, between commas. Each line has letters, of which the first is the kind, then a name, then a
/// description.
fn names(list: &str, is_allowed: impl Fn(char, &str) -> bool) -> String {
    let names = list.lines().filter_map(|line| {
        let (letters, behind) = line.trim_start().split_once(' ')?;
        let kind = letters.chars().next()?;
        // A letter may be separate: `D d lavfi`. Lines with `=` explain the letters.
        let name = behind.split_whitespace().find(|word| word.len() > 1 || *word == "=")?;
        (name != "=" && is_allowed(kind, name)).then_some(name)
    });
    names.collect::<Vec<_>>().join(",")
}

/// What ffmpeg refused to open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// A decoder of one of the streams.
    Decoder(String),
    /// The demuxer.
    Container(String),
}

impl Refused {
    /// Finds what was refused in the complaints of `ffprobe`; `None` if nothing was.
    pub fn from_complaints(complaints: &str) -> Option<Self> {
        complaints.lines().find_map(|line| {
            let (before, _) = line.split_once(" not on whitelist")?;
            if let Some((_, decoder)) = before.split_once("] Codec (") {
                return Some(Self::Decoder(decoder.trim_end_matches(')').to_owned()));
            }
            let (demuxer, _) = before.strip_prefix('[')?.split_once(" @ ")?;
            before.ends_with("] Format").then(|| Self::Container(demuxer.to_owned()))
        })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decoder(name) => write!(f, "{name}"),
            Self::Container(name) => write!(f, "{name}"),
        }
    }
}

impl std::error::Error for Refused {}

impl ErrorCode for Refused {
    fn code(&self) -> &'static str {
        match self {
            Self::Decoder(_) => "decoder-not-allowed",
            Self::Container(_) => "container-not-allowed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_is_allowed_and_pictures_if_they_are_known() {
        let decoders = "Decoders:\n V..... = Video\n A..... = Audio\n S..... = Subtitle\n .F.... = Frame-level multithreading\n ------\n \
                        VF..BD h264                 H.264 / AVC\n VF...D magicyuv             MagicYUV video\n V..... h264_v4l2m2m         V4L2\n \
                        A....D aac                  AAC\n A....D of_tomorrow          (codec aac)\n S..... srt                  SubRip\n";
        assert_eq!(allowed(decoders)[..2], ["-codec_whitelist", "h264,aac,of_tomorrow,srt"]);
        assert_eq!(allowed("")[..2], ["-codec_whitelist", ""]);
    }

    #[test]
    fn ffmpeg_says_what_it_did_not_open() {
        let refused =
            |line: &str| Refused::from_complaints(&format!("[avi @ 0x1] Something else\n{line}\nInvalid argument\n"));
        let decoder = Refused::Decoder("magicyuv".to_owned());
        assert_eq!(refused("[magicyuv @ 0x5a] Codec (magicyuv) not on whitelist 'h264,aac'"), Some(decoder));
        let container = Refused::Container("concat".to_owned());
        assert_eq!(refused("[concat @ 0x5a] Format not on whitelist 'avi'"), Some(container));
        assert_eq!(refused("[h264 @ 0x5a] no frame!"), None);
    }
}
