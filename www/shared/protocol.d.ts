// What the page and the worker say to each other. One worker does one job; one that helps another hashes several ranges for it.

import type { Finding, Findings } from '../worker/decode/self-check.js';

export type Format = 'fingerprint' | 'csv' | 'vpdq' | 'sha256sum';
export type Wanted = { index: number; ticks: number };

export type Job =
  /** `exact`: by ffmpeg, even where the browser could. */
  | { op: 'hash'; file: File; exact: boolean }
  | { op: 'export'; fingerprint: Blob; format: Format; name: string }
  /** `address`: what a link to the page begins with; empty where there is none. */
  | { op: 'code'; fingerprint: Blob; address: string; part: Part | null }
  | { op: 'pictures'; file: File; wanted: Wanted[]; byFfmpeg: boolean }
  | { op: 'compare'; a: Blob; b: Blob }
  | { op: 'find'; picture: File; fingerprint: Blob };

/** How far a video may be split: among so many processors, in ranges of at least so many seconds. */
export type Split = { processors: number; leastRangeS: number };

/** What a worker asks of another that helps it: a range of a video. */
export type Help =
  | { op: 'range'; video: import('../worker/decode/frames.js').Described; config: VideoDecoderConfig }
  /** `probed`: what `ffprobe` says of the video; `range`: what the core planned. */
  | { op: 'range-by-ffmpeg'; module: WebAssembly.Module; file: File; probed: string; range: string };
/** Packets, and what comes of them, go through the port. */
export type RangeJob = Help & { port: MessagePort };

/**
 * `core`: the Rust core, null where the browser runs no WebAssembly.
 * `third`: the third tier, where it is loaded; ffmpeg's glue stands before the worker's source then.
 * `findings`: what earlier workers found out about the browser's decoders.
 */
export type Message = ((Job & { split: Split; third?: ThirdTier }) | RangeJob) & { findings: Findings; core: WebAssembly.Module | null };

/** The programs of the third tier. */
export type ThirdTier = { ffmpeg: WebAssembly.Module; av1: WebAssembly.Module };

/** Which decoder is at work. */
export type Runs = 'browser' | 'ffmpeg' | null;

export type Reply =
  | { type: 'progress'; framesDone: number; framesExpected: number | null; bytesRead: number; bytesTotal: number }
  | { type: 'decoder'; runs: Runs }
  /** Another worker is to do this: one that did such a job before, or a new one. */
  | { type: 'help'; helper: number; job: RangeJob }
  /** A worker that helped is not needed any more. */
  | { type: 'dismiss'; helper: number }
  | { type: 'self-check'; kind: string; finding: Finding }
  | { type: 'picture'; index: number; png: Uint8Array; width: number; height: number }
  | { type: 'compared'; fraction: number }
  | { type: 'done'; result: Result | { bytes: Uint8Array } | { pictures: number } | { ranges: number } | Code | Comparison | StillSearch }
  | { type: 'failed'; code: string; details: { [name: string]: string | number }; sha256?: string; bytes?: number };

export type Facts = {
  kind: 'video' | 'picture';
  tier: 'exact' | 'perceptual' | null;
  tierReason: string | null;
  decoder: string;
  codec: string;
  pixelFormat: string;
  range: 'limited' | 'full';
  width: number;
  height: number;
  rotation: 0 | 90 | 180 | 270;
  /** Left to right, before it is turned. */
  mirrored?: boolean;
  timeBase: [number, number];
  frames: number;
  durationS: number;
  rate: { constant: boolean; fps: number };
  file: { sha256: string; bytes: number; container: string | null };
  complete: boolean;
  problems: { code: string; frame?: number }[];
  classic: string[];
  classicHashes?: { [name: string]: string };
};

export type Result = {
  kind: 'video' | 'picture';
  facts: Facts;
  /** Seconds of each frame. */
  times: Float64Array;
  /** A row of bytes for each frame: src/wasm/overview.rs says which, www/app/shared/rows.js reads them. */
  rows: Blob;
  timeline: { change: Float32Array; cuts: Uint32Array; plain: Float64Array };
  /** Frames that represent the video, ascending, the first among them. */
  chosen: Uint32Array;
  /** Their rows. */
  chosenRows: Uint8Array;
  /** Their container times, for the job "pictures"; empty when the fingerprint was opened from a file. */
  chosenTicks: number[];
  fingerprint: Blob;
};

/** A video's compact code; `qr` has a byte for each square of its QR code, and is empty where it would be too long. */
/** A part of a video, in seconds. */
export type Part = { startS: number; endS: number };
/** `parts`: texts for several messages, where one does not hold the code. */
export type Code = { text: string; parts: string[]; sha256: string; qr: Uint8Array };

/** x, y, width, height in fractions of a picture, from its top left. Here and below as src/compare and src/still.rs say. */
export type View = [number, number, number, number];

export type Segment = {
  a: [number, number];
  b: [number, number];
  speed: number;
  score: number;
  mirrored: boolean;
  turned: 0 | 90 | 180 | 270;
  a_view: View;
  b_view: View;
};

export type Comparison = {
  verdict: 'same-footage' | 'same-scene' | 'no-match' | 'cant-tell';
  confidence: number;
  reason: string;
  segments: Segment[];
};

/** In pictures as they are shown, upright; a Segment's are as stored. */
export type Occurrence = {
  time: number;
  stretch: [number, number];
  distance_bits: number;
  view: View;
  still_view: View;
  mirrored: boolean;
  turned: 0 | 90 | 180 | 270;
};

export type StillSearch = {
  verdict: 'found' | 'not-found' | 'cant-tell';
  confidence: number;
  reason: string;
  at: Occurrence[];
};
