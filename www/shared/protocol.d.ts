// Messages between page and workers. A worker does one job; a helper hashes several ranges for another worker.

import type { Finding, Findings } from '../worker/decode/self-check.js';

export type Format = 'fingerprint' | 'csv' | 'vpdq' | 'sha256sum';
export type Wanted = { index: number; ticks: number };

export type Job =
  /** `exact`: by ffmpeg, even if the browser could. */
  | { op: 'hash'; file: File; exact: boolean }
  | { op: 'export'; fingerprint: Blob; format: Format; name: string }
  /** `address`: the start of a link to the page; empty if there is none. */
  | { op: 'code'; fingerprint: Blob; address: string; part: Part | null }
  | { op: 'pictures'; file: File; wanted: Wanted[]; byFfmpeg: boolean }
  /** `videos`: A and B themselves, if both are at hand, for a comparison by pixels. */
  | { op: 'compare'; a: Blob; b: Blob; videos: [AtHand, AtHand] | null }
  /** `part`: the part of the picture to look for; null: all of it. `video`: the video itself, if it is at hand, for a search by pixels. */
  | { op: 'find'; picture: File; part: View | null; fingerprint: Blob; video: AtHand | null };

/** A video's file, and whether ffmpeg decodes it. */
export type AtHand = { file: File; byFfmpeg: boolean };

/** How far a video may be split: the number of processors, and the shortest range in seconds. */
export type Split = { processors: number; leastRangeS: number };

/** What a worker asks of a helper: to hash a range of a video; `first` is the number of the range's first frame in the video. */
export type Help =
  | { op: 'range'; video: import('../worker/decode/frames.js').Described; config: VideoDecoderConfig; first: number }
  /** `probed`: ffprobe's description of the video; `range`: the core's plan of the range. */
  | { op: 'range-by-ffmpeg'; module: WebAssembly.Module; file: File; probed: string; range: string };
/** Packets and results go through the port. */
export type RangeJob = Help & { port: MessagePort };

/**
 * `core`: the Rust core; null if the browser does not run WebAssembly, and then only to the worker that does without.
 * `ffmpegRoute`: the ffmpeg route, if it is loaded; ffmpeg's glue then precedes the worker's source.
 * `findings`: what earlier workers found out about the browser's decoders.
 */
export type Message = ((Job & { split: Split; ffmpegRoute?: FfmpegRoute }) | RangeJob) & { findings: Findings; core: WebAssembly.Module | null };

/** The programs of the ffmpeg route. */
export type FfmpegRoute = { ffmpeg: WebAssembly.Module; av1: WebAssembly.Module };

/** Which decoder is running. */
export type Runs = 'browser' | 'ffmpeg' | null;

export type Reply =
  | { type: 'progress'; framesDone: number; framesExpected: number | null; bytesRead: number; bytesTotal: number }
  | { type: 'decoder'; runs: Runs }
  /** Asks for a helper to do a job: one that did such a job before, or a new one. */
  | { type: 'help'; helper: number; job: RangeJob }
  /** Ends a helper. */
  | { type: 'dismiss'; helper: number }
  | { type: 'self-check'; kind: string; finding: Finding }
  | { type: 'picture'; index: number; png: Uint8Array; width: number; height: number }
  | { type: 'compared'; fraction: number }
  /**
   * The frames' pixels are looked through, with `progress`: the answer by hashes until then, of which of two videos (null: of the one that a
   * picture is looked for in), and whether it is not the first time.
   */
  | { type: 'looking'; byHashes: StillSearch | Comparison; of: 'a' | 'b' | null; isAgain: boolean }
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
  /** Mirrored left to right, before it is turned. */
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
  /** The time of each frame, in seconds. */
  times: Float64Array;
  /** A row of bytes for each frame: src/wasm/overview.rs defines them, www/app/shared/rows.js reads them. */
  rows: Blob;
  timeline: { change: Float32Array; cuts: Uint32Array; plain: Float64Array };
  /** Frames that represent the video, ascending; frame 0 is one of them. */
  chosen: Uint32Array;
  /** The rows of the chosen frames. */
  chosenRows: Uint8Array;
  /** The chosen frames' container times, for the job "pictures"; empty if the fingerprint was opened from a file. */
  chosenTicks: number[];
  fingerprint: Blob;
};

/** A part of a video, in seconds. */
export type Part = { startS: number; endS: number };
/**
 * A video's compact code. `parts`: texts for several messages, if one does not hold the code; `qr`: a byte for each square of its
 * QR code, empty if the code is too long for one.
 */
export type Code = { text: string; parts: string[]; sha256: string; qr: Uint8Array };

/** x, y, width and height as fractions of a picture, from its top left. Here and below as in src/compare and src/still. */
export type View = [number, number, number, number];

export type Segment = {
  a: [number, number];
  b: [number, number];
  speed: number;
  score: number;
  mirrored: boolean;
  turned: 0 | 90 | 180 | 270;
  /** Degrees clockwise by which A's picture is turned further; about, and 0 below 3. */
  tilted: number;
  /** One of the two plays what the other shows backwards: `a` begins where `b` ends. */
  backwards: boolean;
  /** One is the other's negative. */
  negative: boolean;
  a_view: View;
  b_view: View;
};

/** A part of one video that the other shows more than once. */
export type Repeat = { of: 'a' | 'b'; span: [number, number]; times: number };

export type Comparison = {
  verdict: 'same-footage' | 'same-scene' | 'no-match' | 'cant-tell';
  /** How many matches as good as this one chance is expected to give in such a search; null unless it is the same footage. */
  e_value: number | null;
  reason: string;
  segments: Segment[];
  repeats: Repeat[];
  /** What was looked through. */
  searched: 'hashes' | 'pixels';
  /** Whether the pixels of both videos may tell more; not saved. */
  isOpen: boolean;
};

/** Views are of upright pictures, as shown; a Segment's are of stored ones. */
export type Occurrence = {
  time: number;
  stretch: [number, number];
  /** Missing if it was found by pixels. */
  distance_bits?: number;
  view: View;
  still_view: View;
  mirrored: boolean;
  turned: 0 | 90 | 180 | 270;
};

export type StillSearch = {
  verdict: 'found' | 'not-found' | 'cant-tell';
  e_value: number | null;
  reason: string;
  at: Occurrence[];
  /** What was looked through. */
  searched: 'hashes' | 'pixels';
  /** The part of the picture that was looked for; null: all of it. */
  part: View | null;
  /** The parts of the picture that may be pictures within it; none if a moment was told. */
  pictures: View[];
};
