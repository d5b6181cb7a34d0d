// @ts-check
// `cargo xtask suites` calls wrong only a result that names no problem and that another program contradicts.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { outcomeOf } from '../../benches/suites/outcome.mjs';
import { ROOT } from './command.mjs';

/** @typedef {import('../../benches/suites/native.mjs').WithOutput} WithOutput */
/** @typedef {ReturnType<typeof lines>} Lines */

/** Three frames of grey, at 0, 2 and 4. */
const example = await readFile(join(ROOT, 'tests/vectors/fingerprint/example.cotejo'));
const lines = () => example.toString().trimEnd().split('\n').map((line) => JSON.parse(line));

/** The example with something changed. @param {(lines: Lines) => Lines | void} change @returns {WithOutput} */
function fingerprint(change = () => {}) {
  const all = lines();
  return done((change(all) ?? all).map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** @param {string} output @returns {WithOutput} */
const done = (output) => ({ ended: 'done', output: Buffer.from(output), ms: 1, megabytes: 1 });
/** @param {string} said @returns {WithOutput} */
const refused = (said) => ({ ended: 'refused', said, ms: 1, megabytes: 1 });

/** What ffmpeg says of the example. @param {string[]} [digests] */
const framehash = (digests = lines().slice(1, 4).map(({ sha256 }) => sha256)) => done(
  ['#dimensions 0: 16x16', ...digests.map((digest, i) => `0, ${i}, ${i}, 1, 384, ${digest}`)].join('\n'),
);

/** @param {{ pts: number, flags?: string, data?: string }[]} packets @param {Record<string, string>} [stream] */
const container = (packets = [{ pts: 10 }, { pts: 14 }, { pts: 12 }], stream = { pix_fmt: 'yuv420p' }) => done(JSON.stringify({
  packets: packets.map(({ pts, flags = 'K_', data }) => ({ pts, flags, side_data_list: data ? [{ side_data_type: data }] : [] })),
  streams: [stream],
}));

/** @param {Partial<Record<'page' | 'command' | 'ffmpeg' | 'container', WithOutput>>} answers */
const judge = (answers) => outcomeOf({ page: fingerprint(), command: fingerprint(), ffmpeg: framehash(), container: container(), ...answers });

/** As if the page had left out the frame in the middle. @param {Lines} all */
function withoutSecond(all) {
  all.splice(2, 1);
  all[all.length - 1].frames = 2;
}

/** @param {Lines} all */
function mark(all) {
  Object.assign(all[all.length - 1], { complete: false, problems: [{ code: 'decode-error', frame: 1 }] });
}

/** As a browser gives it that converts frames. @param {Lines} all */
function convert(all) {
  Object.assign(all[0], { tier: 'perceptual', tier_reason: 'rgb-frames', decoder: 'webcodecs-rgb', pixel_format: 'rgba' });
  for (const frame of all.slice(1, 4)) delete frame.sha256;
}

test('the same bytes that nothing contradicts are identical', () => {
  assert.deepEqual(judge({}), { outcome: 'identical', because: '' });
});

test('a frame that is missing without a mark is wrong, with a mark it is marked', () => {
  const { outcome, because } = judge({ page: fingerprint(withoutSecond) });
  assert.equal(outcome, 'wrong');
  assert.match(because, /^page: 2 frames of 3 that are shown, ffmpeg 3/);
  assert.equal(judge({ page: fingerprint((all) => { withoutSecond(all); mark(all); }) }).outcome, 'marked');
});

test('times that go back are no mark of what else is wrong', () => {
  const { outcome } = judge({ page: fingerprint((all) => {
    withoutSecond(all);
    all[all.length - 1].problems = [{ code: 'timestamps-go-back', frame: 1 }];
  }) });
  assert.equal(outcome, 'wrong');
});

test('a frame that is missing in both is wrong, too', () => {
  const both = fingerprint(withoutSecond);
  assert.equal(judge({ page: both, command: both }).outcome, 'wrong');
});

test('packets that an edit list cuts off, and packets that make no frame of their own for ffmpeg either, are not missed', () => {
  const cut = [{ pts: 2, flags: 'KD' }, { pts: 10 }, { pts: 12 }, { pts: 14 }];
  assert.equal(judge({ container: container(cut) }).outcome, 'identical');
  const fields = [10, 11, 12, 13, 14, 15].map((pts) => ({ pts }));
  assert.equal(judge({ container: container(fields) }).outcome, 'identical');
  assert.equal(judge({ container: container(fields), ffmpeg: refused('ffmpeg fails') }).outcome, 'wrong');
});

test('digests that both give and ffmpeg does not are wrong', () => {
  const [first, , third] = lines().slice(1, 4).map(({ sha256 }) => sha256);
  const { outcome, because } = judge({ ffmpeg: framehash([first, '0'.repeat(64), third]) });
  assert.equal(outcome, 'wrong');
  assert.match(because, /page: digest 1 of 3 is not ffmpeg's; command: digest 1/);
});

test('times, layouts and ranges are held against the container', () => {
  assert.match(judge({ container: container([{ pts: 10 }, { pts: 13 }, { pts: 14 }]) }).because, /time of frame 1 is 2, in the container 3/);
  assert.match(judge({ container: container(undefined, { pix_fmt: 'gbrp' }) }).because, /yuv420p, ffmpeg gbrp/);
  assert.match(judge({ container: container(undefined, { pix_fmt: 'yuvj420p' }) }).because, /limited, ffmpeg full/);
});

test('what is encrypted must not be hashed, and what is written must be read', () => {
  const packets = [10, 12, 14].map((pts) => ({ pts, data: 'Encryption info' }));
  assert.match(judge({ container: container(packets) }).because, /encrypted/);
  assert.equal(judge({ page: { ...fingerprint(mark), unreadable: 'no frame beyond the last' }, command: fingerprint(mark) }).outcome, 'wrong');
});

test('converted frames may differ in what conversion changes, and in nothing else', () => {
  assert.deepEqual(judge({ page: fingerprint(convert) }), { outcome: 'perceptual', because: '' });
  const turned = judge({ page: fingerprint((all) => { convert(all); all[0].rotation = 90; }) });
  assert.equal(turned.outcome, 'wrong');
  assert.match(turned.because, /rotation 90, command 0/);
  assert.equal(judge({ page: fingerprint((all) => { convert(all); withoutSecond(all); }) }).outcome, 'wrong');
});

test('refusals, crashes and files without an end are told apart', () => {
  assert.equal(judge({ page: refused('no'), command: refused('no') }).outcome, 'refused');
  assert.equal(judge({ page: refused('no') }).outcome, 'one');
  assert.equal(judge({ page: { ended: 'slow', ms: 1, megabytes: 1 } }).outcome, 'slow');
  assert.equal(judge({ command: { ended: 'died', said: 'panicked', ms: 1, megabytes: 1 } }).outcome, 'died');
});
