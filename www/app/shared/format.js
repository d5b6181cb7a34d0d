// @ts-check
/** Numbers, times and sizes as text in the chosen language. Pure except for that choice. */
import { language } from './words.js';

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** @param {number} value @param {number} [digits] at most so many decimals */
export function number(value, digits = 0) {
  return value.toLocaleString(language(), { maximumFractionDigits: digits });
}

/** @param {number} fraction 0..1 */
export function percent(fraction) {
  return fraction.toLocaleString(language(), { style: 'percent', maximumFractionDigits: 0 });
}

/** A size in the largest unit that keeps it above 1, in steps of 1000, as file managers and phones count. @param {number} bytes */
export function size(bytes) {
  const power = bytes < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return value.toLocaleString(language(), {
    style: 'unit',
    unit: BYTE_UNITS[power],
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: digits,
  });
}

/** @param {number} value @param {string} unit */
function unit(value, unit, digits = 0) {
  return value.toLocaleString(language(), { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits });
}

/** A length of time in words: '1 hr 2 min', '4.8 sec'. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return unit(seconds, 'second', seconds < 10 ? 2 : 1);
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const parts = hours
    ? [unit(hours, 'hour'), unit(minutes, 'minute')]
    : [unit(minutes, 'minute'), unit(rest, 'second')];
  return parts.join(' ');
}

/** A rough waiting time, no more precise than it is known. @param {number} seconds */
export function wait(seconds) {
  if (seconds < 60) return unit(Math.max(1, Math.round(seconds)), 'second');
  if (seconds < 3600) return unit(Math.round(seconds / 60), 'minute');
  return `${unit(Math.floor(seconds / 3600), 'hour')} ${unit(Math.round(seconds / 60) % 60, 'minute')}`;
}

/**
 * A moment in the video, '1:02:03.480'. The same in every language, because people type, search and compare it.
 * @param {number} seconds @param {number} [decimals]
 */
export function clock(seconds, decimals = 3) {
  const scale = 10 ** decimals;
  const units = Math.round(Math.abs(seconds) * scale);
  const whole = Math.floor(units / scale);
  const fraction = decimals ? `.${String(units % scale).padStart(decimals, '0')}` : '';
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const head = hours ? `${hours}:${String(minutes).padStart(2, '0')}` : String(minutes);
  return `${seconds < 0 ? '-' : ''}${head}:${String(whole % 60).padStart(2, '0')}${fraction}`;
}

/** The reverse of `clock`; also takes '12.5' and '12.5 s'. Null if the text is no time. @param {string} text @returns {number|null} */
export function parseClock(text) {
  const match = /^(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:[.,]\d*)?)\s*s?$/.exec(text.trim());
  if (!match) return null;
  const [, hours, minutes, seconds] = match;
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds.replace(',', '.'));
}
