//! AV1 packets in, decoded frames out: [rav1d](https://github.com/memorysafety/rav1d) with an interface for JavaScript.
//!
//! For the page's ffmpeg route: its ffmpeg has no AV1 decoder. rav1d is dav1d, the decoder that ffmpeg uses, in Rust. The standard
//! leaves decoders no choice, so both give the same samples, film grain included (docs/decoding.md, "AV1"). Target: wasm32-wasip1,
//! because rav1d takes C's types from `libc`; it uses nothing of a system.
//!
//! `www/worker/decode/av1.js` calls [`open`] once; then for each packet [`packet`], writes the packet's bytes at the address that
//! it returns, and calls [`step`] until there are no more frames; after the last packet, [`step`] once more.

// For wasm32 only: elsewhere these names, `open` first of all, would replace the system's own.
#![cfg(target_arch = "wasm32")]
#![deny(missing_docs, unsafe_op_in_unsafe_fn)]

use rav1d::include::dav1d::data::Dav1dData;
use rav1d::include::dav1d::dav1d::{Dav1dContext, Dav1dSettings};
use rav1d::include::dav1d::picture::Dav1dPicture;
use rav1d::src::lib::{
    dav1d_data_create, dav1d_data_unref, dav1d_default_settings, dav1d_get_picture, dav1d_open, dav1d_picture_unref,
    dav1d_send_data,
};
use std::mem::MaybeUninit;
use std::ptr::{NonNull, null_mut};

/// rav1d's code for "not now".
const AGAIN: i32 = -libc::EAGAIN;

/// A frame's description for JavaScript, all in 64-bit floats: addresses of the three planes; bytes from row to row in the first
/// plane and in the others; width and height in pixels; the layout (0: 4:0:0, 1: 4:2:0, 2: 4:2:2, 3: 4:4:4); bits of a sample (more
/// than 8 take two bytes, the lower first); 1 for full range; the packet's timestamp.
pub type FrameFacts = [f64; 11];

/// One decoder and its last frame.
pub struct Decoder {
    context: Dav1dContext,
    /// The part of the packet that rav1d has not taken yet.
    data: Dav1dData,
    picture: Dav1dPicture,
    facts: FrameFacts,
}

/// Opens a decoder with ffmpeg's settings and one thread. Null if rav1d refuses, which it has no reason to. Never closed: the page
/// discards the module's whole memory.
#[unsafe(no_mangle)]
pub extern "C" fn open() -> *mut Decoder {
    let mut settings = MaybeUninit::<Dav1dSettings>::uninit();
    let mut context = None;
    // SAFETY: `settings` is valid to write to, and written before it is assumed to be initialised.
    let mut settings = unsafe {
        dav1d_default_settings(NonNull::from(&mut settings).cast());
        settings.assume_init()
    };
    settings.n_threads = 1;
    settings.max_frame_delay = 1;
    settings.all_layers = 0;
    // SAFETY: both are valid to read from and write to.
    let opened = unsafe { dav1d_open(Some(NonNull::from(&mut context)), Some(NonNull::from(&mut settings))) };
    match context {
        Some(context) if opened.0 == 0 => Box::into_raw(Box::new(Decoder {
            context,
            data: Dav1dData::default(),
            picture: Dav1dPicture::default(),
            facts: FrameFacts::default(),
        })),
        _ => null_mut(),
    }
}

/// Allocates a packet; returns the address to write its bytes to. Null if there is no memory.
#[unsafe(no_mangle)]
pub extern "C" fn packet(decoder: &mut Decoder, bytes: usize, timestamp: f64) -> *mut u8 {
    decoder.forget_packet();
    // SAFETY: `data` is valid to write to, and empty.
    let place = unsafe { dav1d_data_create(Some(NonNull::from(&mut decoder.data)), bytes) };
    decoder.data.m.timestamp = timestamp as i64;
    place
}

/// Decodes up to the next frame: 1 if there is one, in [`frame`]; 0 if all input is decoded; -1 if it is damaged. Releases the
/// frame before.
#[unsafe(no_mangle)]
pub extern "C" fn step(decoder: &mut Decoder) -> i32 {
    match decoder.next_picture() {
        Ok(is_there) => i32::from(is_there),
        Err(_) => {
            decoder.forget_packet();
            -1
        }
    }
}

/// The frame that [`step`] found, valid until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn frame(decoder: &mut Decoder) -> *const FrameFacts {
    decoder.facts = facts_of(&decoder.picture);
    &decoder.facts
}

/// The rest of a packet could not be decoded; rav1d's error number.
struct Damaged(#[expect(dead_code, reason = "for whoever debugs this")] i32);

impl Decoder {
    fn next_picture(&mut self) -> Result<bool, Damaged> {
        // SAFETY: the picture is rav1d's, or empty.
        unsafe { dav1d_picture_unref(Some(NonNull::from(&mut self.picture))) };
        if self.data.sz > 0 {
            // SAFETY: the context is open, and `data` is rav1d's own.
            let sent = unsafe { dav1d_send_data(Some(self.context), Some(NonNull::from(&mut self.data))) }.0;
            if sent != 0 && sent != AGAIN {
                return Err(Damaged(sent));
            }
        }
        // SAFETY: the context is open, and `picture` is empty.
        let got = unsafe { dav1d_get_picture(Some(self.context), Some(NonNull::from(&mut self.picture))) }.0;
        // Otherwise a packet that rav1d does not take, and that gives no frame, would never end.
        if got == 0 || (got == AGAIN && self.data.sz == 0) { Ok(got == 0) } else { Err(Damaged(got)) }
    }

    fn forget_packet(&mut self) {
        // SAFETY: the data is rav1d's own, or empty.
        unsafe { dav1d_data_unref(Some(NonNull::from(&mut self.data))) };
    }
}

fn facts_of(picture: &Dav1dPicture) -> FrameFacts {
    let [y, u, v] = picture.data.map(|plane| plane.map_or(0, |plane| plane.as_ptr() as usize) as f64);
    let [luma_stride, chroma_stride] = picture.stride.map(|stride| stride as f64);
    // SAFETY: a picture holds a reference to its sequence's header.
    let is_full = picture.seq_hdr.is_some_and(|header| unsafe { header.as_ref() }.color_range != 0);
    let of = &picture.p;
    [
        y,
        u,
        v,
        luma_stride,
        chroma_stride,
        f64::from(of.w),
        f64::from(of.h),
        f64::from(of.layout),
        f64::from(of.bpc),
        f64::from(u8::from(is_full)),
        picture.m.timestamp as f64,
    ]
}
