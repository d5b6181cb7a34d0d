// @ts-check
/**
 * Runs requests in workers: one worker for each, and its helpers. All are started here and nowhere else, and thrown away when
 * the request ends or is cancelled. Decoding takes a processor and memory, so at most two such requests run at once, one on a
 * phone; the rest wait their turn.
 */
import { filesAtOnce } from './at-once.js';
import { ffmpeg } from './ffmpeg-file.js';
import { programs } from '../shared/programs.js';
import { scriptUrl } from '../shared/script-url.js';
import { createWatch } from '../../shared/watch.js';

/** @typedef {import('../shared/types.js').Request} Request */
/** @typedef {import('../shared/types.js').Reply} Reply */
/** @typedef {{request: Request, onStart: () => void, onReply: (reply: Reply) => void, source: string, worker: Worker|null, hasEnded: boolean,
 * helpers: Map<number, Worker>, watch: ReturnType<typeof createWatch>|null}} Run */

const AT_ONCE = filesAtOnce(navigator, matchMedia('(pointer: coarse)').matches);

/** A shorter range is not worth starting a decoder. */
const LEAST_RANGE_S = 2;

/** @type {Run[]} */
const waiting = [];
/** @type {Set<Run>} */
const running = new Set();
/** What workers found out about this browser's decoders, for later workers. @type {import('../../worker/decode/self-check.js').Findings} */
const findings = {};
/** Addresses of the worker's source, alone and with ffmpeg's glue before it. */
const sourceUrls = { bare: '', withFfmpeg: '' };

/**
 * @param {Request} request
 * @param {(reply: Reply) => void} onReply called for every reply; the last one is 'done' or 'failed'
 * @param {() => void} [onStart] called when its turn comes
 * @returns {() => void} cancels it: no reply follows
 */
export function run(request, onReply, onStart = () => {}) {
  /** @type {Run} */
  const made = { request, onReply, onStart, source: '', worker: null, hasEnded: false, helpers: new Map(), watch: null };
  // Writing a result is short and someone waits for it; pictures finish a file that was already begun.
  if (request.op === 'export' || request.op === 'code') begin(made);
  else if (request.op === 'hash') waiting.push(made);
  else waiting.unshift(made);
  // Starts later, so that the caller has the cancel function before the first reply.
  queueMicrotask(beginNext);
  return () => end(made);
}

/** Runs a request to its end. @param {Request} request @returns {Promise<any>} its result; rejects with the failure's message, and the code as cause */
export function ask(request) {
  return new Promise((resolve, reject) => {
    run(request, (reply) => {
      if (reply.type === 'done') resolve(reply.result);
      if (reply.type === 'failed') reject(new Error(String(reply.details?.message ?? reply.code), { cause: reply.code }));
    });
  });
}

function beginNext() {
  while (running.size < AT_ONCE) {
    const next = waiting.shift();
    if (!next) return;
    running.add(next);
    begin(next);
  }
}

/** @param {Run} started */
async function begin(started) {
  const decoder = mayDecode(started.request) ? ffmpeg() : null;
  started.onStart();
  const { core, worker: script } = await programs();
  if (started.hasEnded) return;
  started.source = sourceUrl(script, decoder?.glue);
  const worker = new Worker(scriptUrl(started.source));
  started.worker = worker;
  worker.onmessage = ({ data }) => receive(started, data);
  worker.onerror = (event) => receive(started, failure(event.message || 'the worker stopped'));
  worker.onmessageerror = () => receive(started, failure('a reply could not be read'));
  worker.postMessage({ ...started.request, split: split(), ffmpegRoute: decoder?.ffmpegRoute, findings, core });
}

/** Whether a request may need ffmpeg. @param {Request} request */
function mayDecode(request) {
  if (request.op === 'find') return request.video?.byFfmpeg;
  if (request.op === 'compare') return request.videos?.some(({ byFfmpeg }) => byFfmpeg);
  return request.op === 'hash' || request.op === 'pictures';
}

/** How far a video that starts now may be split: other files need their share of the processors. */
function split() {
  const processors = navigator.hardwareConcurrency || 1;
  const isAlone = AT_ONCE === 1 || (running.size <= 1 && waiting.length === 0);
  return { processors: isAlone ? processors : Math.floor(processors / AT_ONCE), leastRangeS: LEAST_RANGE_S };
}

/** @param {string} script of workers @param {string} [glue] of ffmpeg */
function sourceUrl(script, glue) {
  const key = glue === undefined ? 'bare' : 'withFfmpeg';
  sourceUrls[key] ||= URL.createObjectURL(new Blob([glue ?? '', '\n', script], { type: 'text/javascript' }));
  return sourceUrls[key];
}

/** @param {string} message @returns {Reply} */
function failure(message, code = 'internal') {
  return { type: 'failed', code, details: { message } };
}

/** @param {Run} from @param {Reply} reply */
function receive(from, reply) {
  if (!from.worker) return;
  watch(from, reply);
  if (reply.type === 'help') return help(from, reply.helper, reply.job);
  if (reply.type === 'dismiss') return dismiss(from, reply.helper);
  if (reply.type === 'self-check') findings[reply.kind] = reply.finding;
  if (reply.type === 'done' || reply.type === 'failed') end(from);
  from.onReply(reply);
}

/**
 * Gives a job to a helper of a worker that asked for help; the two talk through a port of their own.
 * @param {Run} run @param {number} id @param {import('../../shared/protocol.js').RangeJob} job
 */
function help(run, id, job) {
  const helper = run.helpers.get(id) ?? new Worker(scriptUrl(run.source));
  run.helpers.set(id, helper);
  helper.onmessage = (/** @type {MessageEvent<Reply>} */ { data }) => {
    if (data.type === 'self-check') findings[data.kind] = data.finding;
  };
  programs().then(({ core }) => helper.postMessage({ ...job, findings, core }, [job.port]));
}

/** @param {Run} run @param {number} id */
function dismiss(run, id) {
  run.helpers.get(id)?.terminate();
  run.helpers.delete(id);
}

/** Watches a running decoder: one that blocks the worker can only be noticed from here. @param {Run} run @param {Reply} reply */
function watch(run, reply) {
  if (reply.type === 'decoder') {
    const code = reply.runs === 'browser' ? 'browser-decoder-stuck' : 'decoder-stuck';
    run.watch?.stop();
    run.watch = reply.runs ? createWatch(() => receive(run, failure('no progress', code))) : null;
  }
  run.watch?.start();
}

/** @param {Run} ended */
function end(ended) {
  ended.hasEnded = true;
  ended.worker?.terminate();
  ended.worker = null;
  for (const id of ended.helpers.keys()) dismiss(ended, id);
  ended.watch?.stop();
  running.delete(ended);
  const place = waiting.indexOf(ended);
  if (place >= 0) waiting.splice(place, 1);
  queueMicrotask(beginNext);
}
