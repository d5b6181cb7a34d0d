//! AV1 packets in, decoded frames out: [rav1d](https://github.com/memorysafety/rav1d), with a face that JavaScript can call.
//!
//! The page's third tier needs it, because the ffmpeg of that tier has no decoder for AV1. rav1d is dav1d, the decoder that
//! ffmpeg uses, in Rust; the standard leaves no choice to decoders, so both give the same samples, film grain included
//! (docs/decoding.md, "AV1"). Target: wasm32-wasip1, because rav1d takes C's types from `libc`; nothing of a system is used.
//!
//! The caller: `www/worker/av1.js`. It calls [`open`] once, then for each packet [`packet`], writes the packet's bytes where
//! that says, and calls [`step`] until there is no frame any more; after the last packet once more.

// Elsewhere these names would take the place of the system's own, `open` first of all.
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

/// rav1d's word for "not now".
const AGAIN: i32 = -libc::EAGAIN;

/// What JavaScript reads of a frame, all as 64-bit floats: the addresses of the three planes, the bytes from row to row in the
/// first and in the others, width and height in pixels, the layout (0: 4:0:0, 1: 4:2:0, 2: 4:2:2, 3: 4:4:4), the bits of a
/// sample (more than 8 take two bytes, the lower one first), 1 for full range, and the packet's timestamp.
pub type FrameFacts = [f64; 11];

/// One decoder and the frame that it gave last.
pub struct Decoder {
    context: Dav1dContext,
    /// What of the packet is not yet taken.
    data: Dav1dData,
    picture: Dav1dPicture,
    facts: FrameFacts,
}

/// A decoder as ffmpeg sets it up with one thread. Null when rav1d refuses, which it has no reason to. Never closed: the page
/// throws the module's whole memory away.
#[unsafe(no_mangle)]
pub extern "C" fn open() -> *mut Decoder {
    let mut settings = MaybeUninit::<Dav1dSettings>::uninit();
    let mut context = None;
    // SAFETY: `settings` is valid to write to, and written before it is taken for initialised.
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

/// Makes room for a packet; its bytes are to be written where this says. Null when there is no memory.
#[unsafe(no_mangle)]
pub extern "C" fn packet(decoder: &mut Decoder, bytes: usize, timestamp: f64) -> *mut u8 {
    decoder.forget_packet();
    // SAFETY: `data` is valid to write to, and empty.
    let place = unsafe { dav1d_data_create(Some(NonNull::from(&mut decoder.data)), bytes) };
    decoder.data.m.timestamp = timestamp as i64;
    place
}

/// Decodes up to the next frame: 1 when there is one, in [`frame`]; 0 when all that was given is decoded; -1 when it is damaged.
/// The frame before is gone.
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

/// The frame that [`step`] found, until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn frame(decoder: &mut Decoder) -> *const FrameFacts {
    decoder.facts = facts_of(&decoder.picture);
    &decoder.facts
}

/// What is left of a packet could not be decoded; rav1d's number of the error.
struct Damaged(#[expect(dead_code, reason = "for whoever debugs this")] i32);

impl Decoder {
    fn next_picture(&mut self) -> Result<bool, Damaged> {
        // SAFETY: it is a picture of rav1d's, or empty.
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
        // A packet that rav1d neither takes nor has a frame of would never end.
        if got == 0 || (got == AGAIN && self.data.sz == 0) { Ok(got == 0) } else { Err(Damaged(got)) }
    }

    fn forget_packet(&mut self) {
        // SAFETY: it is rav1d's own, or empty.
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
