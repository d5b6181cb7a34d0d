// @ts-check
// Draws the pictures of tests/vectors/pdq/vectors.json like scene.py there, in integers only.

import { deflateSync } from 'node:zlib';

/**
 * @param {number} seed @param {number} width @param {number} height
 * @returns {Buffer} red, green, blue of each pixel
 */
export function scene(seed, width, height) {
  let state = seed;
  const draw = (/** @type {number} */ below) => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return (state >>> 16) % below;
  };
  const times = (/** @type {number} */ count, /** @type {number} */ below) => Array.from({ length: count }, () => draw(below));
  const base = times(3, 96);
  const waves = Array.from({ length: 4 }, () => {
    const [ax, ay, phase, period] = [draw(4), draw(4), draw(4096), 512 + draw(4096)];
    return { ax, ay, phase, period, amplitude: times(3, 128) };
  });
  const rectangles = Array.from({ length: 4 }, () => {
    const [left, top, wide, high] = [draw(4096), draw(4096), draw(2048), draw(2048)];
    return { left, top, right: left + wide, bottom: top + high, level: times(3, 256) };
  });
  const noise = [0, 3, 24, 80][draw(4)];
  const calm = draw(5);
  const isGrey = draw(4) === 0;

  const channel = (/** @type {number} */ c, /** @type {number} */ x, /** @type {number} */ y) => {
    const [u, v] = [Math.floor(4096 * x / width), Math.floor(4096 * y / height)];
    let value = base[c];
    for (const { ax, ay, phase, period, amplitude } of waves) {
      value += Math.floor(amplitude[c] * Math.abs(2 * ((ax * u + ay * v + phase) % period) - period) / period);
    }
    for (const { left, top, right, bottom, level } of rectangles) {
      if (u >= left && u < right && v >= top && v < bottom) value = Math.floor((value + 3 * level[c]) / 4);
    }
    let k = (374761393 * x + 668265263 * y + 2246822519 * c + seed) % 2 ** 32;
    k = Math.imul(k ^ k >>> 13, 1274126177);
    k = (k ^ k >>> 16) >>> 0;
    value += Math.floor(k % 256 * noise / 256);
    return (Math.min(value, 255) >> calm) + 8 * calm;
  };

  const pixels = Buffer.alloc(3 * width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const red = channel(0, x, y);
      pixels[at++] = red;
      pixels[at++] = isGrey ? red : channel(1, x, y);
      pixels[at++] = isGrey ? red : channel(2, x, y);
    }
  }
  return pixels;
}

/** A PNG of red, green, blue (RFC 2083), each row unfiltered. @param {Buffer} pixels @param {number} width @param {number} height */
export function pngOf(pixels, width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const rows = Array.from({ length: height }, (_, y) => [Buffer.alloc(1), pixels.subarray(3 * width * y, 3 * width * (y + 1))]);
  const data = deflateSync(Buffer.concat(rows.flat()), { level: 1 });
  const start = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 && 0xedb88320);
  }
  return ~crc >>> 0;
}
