// @ts-check
/** Draws what two films show now: the part that both share, aligned; the whole pictures; the differences. */
import { MARGIN } from './align.js';
import { lumaOf, marksOf } from './difference.js';
import { isQuarter } from './geometry.js';

/** @typedef {import('./film.js').Film} Film */
/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').View} View */
/** @typedef {{canvas: HTMLCanvasElement, film: Film}} Seen */
/** What to take back. @typedef {{mirrored: boolean, turned: number, tilted: number, negative: boolean}} Undone */

/** Longer sides of the drawn pictures, and of those compared for differences. */
const SHOWN_PX = 800;
const COMPARED_PX = 320;
/** Longer side of the pictures to align; small, because the search looks at them many times. */
const ALIGNED_PX = 112;
/** They are drawn this many times as large, then averaged: Firefox skips pixels when it shrinks. */
const FINER = 4;
/** Unmarked pixels are shown grey and this pale, so that marks stand out on every picture. */
const PALE = 0.55;
const MARK = [220, 20, 20];
/** The highest level. */
const WHITE = 255;

/** @param {HTMLCanvasElement|OffscreenCanvas} canvas */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
}

/** Width and height of a part of a film, with a longer side of `longestPx`. @param {Film} film @param {View} view @param {boolean} isTurned @param {number} longestPx */
function sizeOf(film, [, , width, height], isTurned, longestPx) {
  const [filmWidth, filmHeight] = film.size();
  const sides = [Math.max(1, width * filmWidth), Math.max(1, height * filmHeight)];
  const scale = Math.min(1, longestPx / Math.max(...sides));
  const [wide, high] = (isTurned ? sides.reverse() : sides).map((side) => Math.max(1, Math.round(side * scale)));
  return { width: wide, height: high };
}

/**
 * Draws a part of a film, mirrored and turned back, a negative inverted.
 * @param {HTMLCanvasElement|OffscreenCanvas} canvas that has its size already
 * @param {Film} film @param {View} view
 * @param {Undone} undone
 */
function drawPart(canvas, film, [x, y, width, height], { mirrored, turned, tilted, negative }) {
  const context = contextOf(canvas);
  const [filmWidth, filmHeight] = film.size();
  const [wide, high] = isQuarter(turned) ? [canvas.height, canvas.width] : [canvas.width, canvas.height];
  context.save();
  context.translate(canvas.width / 2, canvas.height / 2);
  if (mirrored) context.scale(-1, 1);
  context.rotate((-(turned + tilted) * Math.PI) / 180);
  // The corners of a part that is turned by a few degrees lie outside it: twice as much is drawn, and the canvas cuts it off.
  const more = tilted ? 2 : 1;
  const [left, top] = [x - ((more - 1) * width) / 2, y - ((more - 1) * height) / 2];
  context.drawImage(
    film.picture(),
    left * filmWidth,
    top * filmHeight,
    more * width * filmWidth,
    more * height * filmHeight,
    (-more * wide) / 2,
    (-more * high) / 2,
    more * wide,
    more * high,
  );
  if (negative) {
    // Each level's difference to white. A filter would say it more plainly, but WebKit's canvases have none.
    context.globalCompositeOperation = 'difference';
    context.fillStyle = '#fff';
    context.fillRect(-wide / 2, -high / 2, wide, high);
  }
  context.restore();
}

/**
 * The input of alignParts: the subject's part with a margin, mirrored, turned and inverted back, and the object's part.
 * @param {Match} match @param {Film} subject @param {Film} object
 */
export function planesOf(match, subject, object) {
  const size = sizeOf(object, match.objectView, false, ALIGNED_PX);
  const [x, y, width, height] = match.subjectView;
  const around = /** @type {View} */ ([
    x - MARGIN * width,
    y - MARGIN * height,
    (1 + 2 * MARGIN) * width,
    (1 + 2 * MARGIN) * height,
  ]);
  const wider = {
    width: Math.round((1 + 2 * MARGIN) * size.width),
    height: Math.round((1 + 2 * MARGIN) * size.height),
  };
  return { subject: planeOf(subject, around, match, wider), object: planeOf(object, match.objectView, AS_IT_IS, size) };
}

/** @param {Film} film @param {View} view @param {Undone} undone @param {{width: number, height: number}} size */
function planeOf(film, view, undone, { width, height }) {
  const canvas = new OffscreenCanvas(FINER * width, FINER * height);
  contextOf(canvas).imageSmoothingQuality = 'high';
  // Inverting the canvas would also fill what lies outside the film.
  drawPart(canvas, film, view, { ...undone, negative: false });
  const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  // Nothing is drawn outside the film.
  const fine = lumaOf(data).map((level, at) => (data[4 * at + 3] === 255 ? Math.abs((undone.negative ? WHITE : 0) - level) : NaN));
  return { luma: averaged(fine, width, height), width, height };
}

/** The means of squares of FINER by FINER pixels. @param {Float32Array} fine @param {number} width @param {number} height */
function averaged(fine, width, height) {
  const luma = new Float32Array(width * height);
  fine.forEach((level, at) => {
    const [x, y] = [at % (FINER * width), Math.floor(at / (FINER * width))].map((place) => Math.floor(place / FINER));
    luma[y * width + x] += level / FINER ** 2;
  });
  return luma;
}

const AS_IT_IS = { mirrored: false, turned: 0, tilted: 0, negative: false };

/** Draws both parts at the size of the object's. @param {Match} match @param {Seen|null} subject @param {Seen|null} object */
export function drawParts(match, subject, object) {
  const size = object
    ? sizeOf(object.film, match.objectView, false, SHOWN_PX)
    : subject && sizeOf(subject.film, match.subjectView, isQuarter(match.turned), SHOWN_PX);
  for (const seen of [subject, object]) if (seen && size) Object.assign(seen.canvas, size);
  if (subject) drawPart(subject.canvas, subject.film, match.subjectView, match);
  if (object) drawPart(object.canvas, object.film, match.objectView, AS_IT_IS);
}

/** @param {Seen} seen @param {View} view the part to mark */
export function drawWhole({ canvas, film }, view) {
  const whole = /** @type {View} */ ([0, 0, 1, 1]);
  Object.assign(canvas, sizeOf(film, whole, false, SHOWN_PX));
  drawPart(canvas, film, whole, AS_IT_IS);
  const context = contextOf(canvas);
  const [x, y, width, height] = view;
  const inset = 2;
  // A dark line under a bright one: one of them stands out on every picture.
  for (const [colour, lineWidth] of /** @type {const} */ ([
    ['#000', 5],
    ['#fff', 2],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    context.strokeRect(
      x * canvas.width + inset,
      y * canvas.height + inset,
      width * canvas.width - 2 * inset,
      height * canvas.height - 2 * inset,
    );
  }
}

/**
 * Draws both parts, the subject's marked where they differ.
 * @param {Match} match @param {Seen} subject @param {Seen} object
 * @returns {number|null} the marked share of the picture; null if it is too plain to compare
 */
export function drawDifferences(match, subject, object) {
  drawParts(match, subject, object);
  const size = sizeOf(object.film, match.objectView, false, COMPARED_PX);
  const [one, other] = [subject, object].map(({ canvas }) => shrunk(canvas, size));
  const marks = marksOf(one, other, size);
  const context = contextOf(subject.canvas);
  fade(subject.canvas);
  if (!marks) return null;
  const image = new ImageData(size.width, size.height);
  marks.strength.forEach((value, at) => image.data.set([...MARK, 230 * Math.sqrt(value)], 4 * at));
  const layer = new OffscreenCanvas(size.width, size.height);
  contextOf(layer).putImageData(image, 0, 0);
  context.drawImage(layer, 0, 0, subject.canvas.width, subject.canvas.height);
  return marks.share;
}

/** Makes a picture grey and pale. @param {HTMLCanvasElement} canvas */
function fade(canvas) {
  const context = contextOf(canvas);
  for (const [how, fill] of /** @type {const} */ ([
    ['saturation', '#888'],
    ['source-over', `rgb(255 255 255 / ${PALE})`],
  ])) {
    context.globalCompositeOperation = how;
    context.fillStyle = fill;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
}

/** @param {HTMLCanvasElement} canvas @param {{width: number, height: number}} size @returns {Uint8ClampedArray} */
function shrunk(canvas, { width, height }) {
  const small = new OffscreenCanvas(width, height);
  const context = contextOf(small);
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
