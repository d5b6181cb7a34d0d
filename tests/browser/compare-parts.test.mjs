// @ts-check
// The parts of the second mode that need no browser: geometry as players show it, moments that correspond, alignment, and
// what is marked as a difference.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARGIN, alignParts, alignedMatch } from '../../www/app/compare/align.js';
import { marksOf } from '../../www/app/compare/difference.js';
import { asPlayed, turnView } from '../../www/app/compare/geometry.js';
import { objectEnds, subjectMoment } from '../../www/app/compare/moments.js';
import { LEAST_SIDE, between, moved, oppositeOfCorner, resized, smallestAt } from '../../www/app/compare/rectangle.js';
import { asOne, changeOf, runsOf } from '../../www/app/compare/runs.js';

/** @typedef {import('../../www/app/compare/types.js').View} View */
/** A place in a picture, 0..1 from the top left. @typedef {[number, number]} Point */

/** @param {Point} point @param {number} degrees @returns {Point} */
const turnPoint = ([x, y], degrees) => (degrees === 0 ? [x, y] : turnPoint([1 - y, x], degrees - 90));
/** @param {Point} point @returns {Point} */
const mirrorPoint = ([x, y]) => [1 - x, y];
const TURNS = [0, 90, 180, 270];

/** @param {readonly number[]} found @param {readonly number[]} expected @param {number} [within] */
function assertNear(found, expected, within = 1e-9) {
  found.forEach((value, at) => assert.ok(Math.abs(value - expected[at]) <= within, `${found} is not ${expected}`));
}

test('a part of a turned picture is where its corners are', () => {
  const view = /** @type {View} */ ([0.1, 0.2, 0.3, 0.5]);
  for (const degrees of TURNS) {
    const corners = [turnPoint([0.1, 0.2], degrees), turnPoint([0.4, 0.7], degrees)];
    const [left, top, width, height] = turnView(view, degrees);
    assertNear([left, left + width], corners.map(([x]) => x).sort());
    assertNear([top, top + height], corners.map(([, y]) => y).sort());
  }
});

test('turned and mirrored as players show it, whatever both files ask of a player', () => {
  const whole = /** @type {View} */ ([0, 0, 1, 1]);
  const point = /** @type {Point} */ ([0.2, 0.3]);
  const orientations = [false, true].flatMap((mirrored) => TURNS.map((turned) => ({ mirrored, turned })));
  const orient = (/** @type {Point} */ at, { mirrored = false, turned = 0 }) => turnPoint(mirrored ? mirrorPoint(at) : at, turned);
  for (const stored of orientations) for (const ofSubject of orientations) for (const ofObject of orientations) {
    const played = asPlayed({ ...stored, tilted: 0, subjectView: whole, objectView: whole }, ofSubject, ofObject);
    // The same point of the stored object, as players show it there and in the subject.
    assertNear(orient(orient(point, ofObject), played), orient(orient(point, stored), ofSubject));
  }
  const tilted = { mirrored: false, turned: 0, tilted: 8, subjectView: /** @type {View} */ ([0, 0, 0.25, 0.5]), objectView: whole };
  const played = asPlayed(tilted, { mirrored: true, turned: 90 }, orientations[0]);
  assertNear(played.subjectView, [0.5, 0.75, 0.5, 0.25]);
  // In a mirror, what is turned clockwise is turned anticlockwise.
  assert.deepEqual([played.tilted, asPlayed(tilted, orientations[1], { mirrored: true, turned: 90 }).tilted], [-8, 8]);
});

test('moments correspond at both ends and in between, at any speed, forwards and backwards', () => {
  for (const backwards of [false, true]) for (const speed of [0.5, 1, 1.25]) {
    const times = { subject: /** @type {[number, number]} */ ([2, 10]), object: /** @type {[number, number]} */ ([30, 30 + 8 * speed]), speed, backwards };
    assert.deepEqual(objectEnds(times), backwards ? times.object.toReversed() : times.object);
    for (const subjectS of [2, 5.5, 10]) {
      const objectS = backwards ? times.object[1] - (subjectS - 2) * speed : 30 + (subjectS - 2) * speed;
      assertNear([subjectMoment(times, objectS)], [subjectS]);
    }
  }
  assert.equal(subjectMoment({ subject: null, object: [3, 4], speed: 1, backwards: false }, 3.5), 0);
});

/** A picture without repetition: hills of many sizes. @param {number} x @param {number} y */
const scene = (x, y) => 128 + 50 * Math.sin(7 * x + 3 * y) + 40 * Math.sin(17 * y - 5 * x * x) + 25 * Math.sin(31 * x * y + 2);

/** @param {number} width @param {number} height @param {(x: number, y: number) => number} level of places 0..1 */
function plane(width, height, level) {
  const luma = new Float32Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) luma[y * width + x] = level((x + 0.5) / width, (y + 0.5) / height);
  return { luma, width, height };
}

test('stretches that go on from one another are one run, whose view moves or grows', () => {
  const [left, right] = /** @type {View[]} */ ([[0, 0, 0.3, 1], [0.7, 0, 0.3, 1]]);
  const match = (/** @type {[number, number]} */ subject, /** @type {[number, number]} */ object, /** @type {View} */ objectView, backwards = false) => ({
    subject, object, objectView, backwards, subjectView: /** @type {View} */ ([0, 0, 1, 1]),
    best: 0, speed: 1, score: 0.7, distanceBits: null, mirrored: false, turned: 0, tilted: 0, negative: false,
  });
  const matches = [match([0, 4], [5, 9], left), match([4.1, 6], [9.1, 11], right), match([6, 9], [14, 17], left)];
  const runs = runsOf(matches);
  assert.deepEqual(runs.map((run) => run.length), [2, 1]);
  const { subject, object, objectView } = asOne(runs[0]);
  assert.deepEqual([subject, object, objectView], [[0, 6], [5, 11], left]);
  const backwards = runsOf([match([0, 4], [6, 10], left, true), match([4, 6], [4, 6], left, true)]);
  assert.deepEqual(asOne(backwards[0]).object, [4, 10]);
  assert.equal(runsOf([matches[0], { ...matches[1], speed: 1.1 }]).length, 2);
  assert.deepEqual([changeOf([left, right]), changeOf([left, [0, 0, 0.5, 1]]), changeOf([left, [0.05, 0, 0.35, 1]])], ['moves', 'grows', null]);
});

test('pictures that are a few per cent apart are brought to correspond, also when one is brighter and has a logo', () => {
  const truth = /** @type {View} */ ([0.03, -0.02, 0.95, 1.04]);
  const object = plane(96, 54, (x, y) => (x > 0.8 && y < 0.2 ? 255 : scene(x, y)));
  const subject = plane(119, 67, (x, y) => {
    const [ownX, ownY] = [x, y].map((share) => share * (1 + 2 * MARGIN) - MARGIN);
    return 20 + 0.7 * scene((ownX - truth[0]) / truth[2], (ownY - truth[1]) / truth[3]);
  });
  assertNear(alignParts(subject, object).part, truth, 0.006);
});

test('views that are aligned show the same, whatever was done to the subject', () => {
  const part = /** @type {View} */ ([0.04, -0.06, 0.9, 1.1]);
  for (const mirrored of [false, true]) for (const turned of TURNS) {
    const match = { mirrored, turned, subjectView: /** @type {View} */ ([0, 0, 1, 1]), objectView: /** @type {View} */ ([0.2, 0.1, 0.5, 0.6]) };
    const { subjectView, objectView } = alignedMatch(match, part);
    for (const corner of /** @type {Point[]} */ ([[0, 0], [1, 0], [0.3, 0.8]])) {
      // A place of the new object view, as a place of the old one, in the subject's part, in the subject.
      const inOld = [0, 1].map((axis) => (objectView[axis] + corner[axis] * objectView[axis + 2] - match.objectView[axis]) / match.objectView[axis + 2]);
      const inPart = /** @type {Point} */ ([part[0] + inOld[0] * part[2], part[1] + inOld[1] * part[3]]);
      const expected = turnPoint(mirrored ? mirrorPoint(inPart) : inPart, turned);
      const inNew = turnPoint(mirrored ? mirrorPoint(corner) : corner, turned);
      assertNear([0, 1].map((axis) => subjectView[axis] + inNew[axis] * subjectView[axis + 2]), expected);
    }
    assert.ok(subjectView.every((value) => value >= -1e-9 && value <= 1 + 1e-9), String(subjectView));
  }
});

/** @param {number} width @param {number} height @param {(x: number, y: number) => number} level */
function rgba(width, height, level) {
  const { luma } = plane(width, height, level);
  return Uint8ClampedArray.from({ length: 4 * luma.length }, (_, at) => (at % 4 === 3 ? 255 : luma[Math.floor(at / 4)]));
}

test('only what departs over an area is marked: no contrast, no thin line', () => {
  const size = { width: 120, height: 80 };
  const original = rgba(120, 80, scene);
  const flatter = rgba(120, 80, (x, y) => 30 + 0.7 * scene(x, y));
  assert.equal(marksOf(flatter, original, size)?.share, 0);
  const lined = rgba(120, 80, (x, y) => (Math.abs(x - 0.5) < 0.005 ? 255 : scene(x, y)));
  assert.equal(marksOf(lined, original, size)?.share, 0);
  const isLogo = (/** @type {number} */ x, /** @type {number} */ y) => x > 0.7 && x < 0.9 && y > 0.1 && y < 0.3;
  const logo = marksOf(rgba(120, 80, (x, y) => (isLogo(x, y) ? 250 - scene(x, y) : 30 + 0.7 * scene(x, y))), original, size);
  assert.ok(logo && logo.share > 0.02 && logo.share < 0.05, String(logo?.share));
  logo.strength.forEach((strength, at) => {
    const [x, y] = [(at % 120) / 120, Math.floor(at / 120) / 80];
    if (strength > 0) assert.ok(x > 0.67 && x < 0.93 && y > 0.06 && y < 0.34, `${x} ${y}`);
  });
});

test('where there is nothing to see, nothing is compared', () => {
  const plain = rgba(20, 20, () => 90);
  assert.equal(marksOf(plain, plain, { width: 20, height: 20 }), null);
});

test('a banner as bright as what it covers stands out by its colour, a copy without colour does not', () => {
  const size = { width: 120, height: 80 };
  const original = rgba(120, 80, scene);
  const isBanner = (/** @type {number} */ at) => at >= 60 * 120 && at < 70 * 120;
  const banner = original.map((level, i) => (isBanner(Math.floor(i / 4)) && i % 4 === 0 ? level + 90 : isBanner(Math.floor(i / 4)) && i % 4 === 1 ? level - 27 : level));
  const marked = marksOf(banner, original, size);
  assert.ok(marked && marked.share > 0.11 && marked.share < 0.14, String(marked?.share));
  const colourful = original.map((level, i) => (i % 4 === 3 ? 255 : level + (i % 4 === 0 ? (i % 480) / 8 : 0)));
  const grey = colourful.map((_, i) => {
    const [red, green, blue] = colourful.subarray(i - (i % 4));
    return i % 4 === 3 ? 255 : 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  assert.equal(marksOf(grey, colourful, size)?.share, 0);
});

test('a rectangle lies within the picture, whatever is drawn, moved or resized, and is never too small to see', () => {
  const places = [-0.3, 0, 0.01, 0.3, 0.5, 0.98, 1, 1.7];
  const corners = /** @type {Point[]} */ (places.flatMap((x) => places.map((y) => [x, y])));
  const isWithin = (/** @type {View} */ [x, y, width, height]) => x >= 0 && y >= 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9 && Math.min(width, height) >= LEAST_SIDE - 1e-9;
  for (const one of corners) for (const other of corners) {
    const view = between(one, other);
    assert.ok(isWithin(view), `${one} ${other}: ${view}`);
    assertNear(between(other, one), view);
    assert.ok(isWithin(moved(view, ...one)) && isWithin(resized(view, ...other)));
    assertNear(moved(view, ...one).slice(2), view.slice(2));
    assertNear(resized(view, ...one).slice(0, 2), view.slice(0, 2));
  }
  assertNear(between([0.2, 0.9], [0.6, 0.1]), [0.2, 0.1, 0.4, 0.8]);
  assertNear(moved([0.2, 0.1, 0.4, 0.8], 0.1, -0.05), [0.3, 0.05, 0.4, 0.8]);
  assertNear(resized([0.2, 0.1, 0.4, 0.8], -0.1, 0.05), [0.2, 0.1, 0.3, 0.85]);
});

test('a corner is held by a finger near it, and then the opposite one stays', () => {
  const view = /** @type {View} */ ([0.2, 0.1, 0.4, 0.8]);
  const opposite = (/** @type {Point} */ place) => oppositeOfCorner(view, place, [0.05, 0.1]);
  const near = (/** @type {Point} */ place, /** @type {Point} */ expected) => assertNear(opposite(place) ?? [], expected);
  near([0.19, 0.15], [view[0] + view[2], view[1] + view[3]]);
  near([0.62, 0.85], [0.2, 0.1]);
  near([0.58, 0.1], [0.2, view[1] + view[3]]);
  near([0.2, 0.95], [view[0] + view[2], 0.1]);
  for (const place of /** @type {Point[]} */ ([[0.4, 0.5], [0.2, 0.5], [0.4, 0.1], [0.27, 0.1]])) assert.equal(opposite(place), null);
});

test('a press takes the smallest rectangle under it', () => {
  const views = /** @type {View[]} */ ([[0, 0, 0.9, 0.9], [0.1, 0.1, 0.2, 0.2], [0.5, 0.5, 0.3, 0.3]]);
  assert.deepEqual([smallestAt(views, [0.2, 0.2]), smallestAt(views, [0.4, 0.2]), smallestAt(views, [0.95, 0.2])], [views[1], views[0], null]);
});
