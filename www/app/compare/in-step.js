// @ts-check
/**
 * Keeps two films at the same moment. The object's time leads; the subject follows as the match says, corrected while
 * both play, because two players never run equally fast. Where one must run backwards, which no browser does, both go from
 * frame to frame instead. Calls `draw` after every change.
 */
import { frameAt } from '../shared/frame-at.js';
import { subjectMoment } from './moments.js';

/** @typedef {import('./film.js').Film} Film */
/** @typedef {import('./types.js').Match} Match */

/** Lags in seconds: above the first, the subject plays faster or slower to make up for it; above the second, it jumps. */
const TRIFLE_S = 0.01;
const LOST_S = 0.3;
/** How strongly a lag changes the rate. */
const PULL = 0.5;
/** How much of a video to offer around a picture's place, in seconds. */
const AROUND_S = 2;

/** The stretch of the object that the user can move in. @param {Match} match @param {number} lengthS of the object */
export function rangeOf({ subject, object: [start, end] }, lengthS) {
  if (subject) return { startS: start, endS: end };
  return { startS: Math.max(0, start - AROUND_S), endS: Math.min(lengthS, end + AROUND_S) };
}

/**
 * @param {{subject: Film|null, object: Film|null}} films
 * @param {Float64Array|null} objectTimes of the object's frames, in seconds
 * @param {{draw: () => void, onEnd: () => void, onRest: () => void}} tell `onEnd`: playing ended by itself; `onRest`: a moment is reached and nothing plays
 */
export function createInStep({ subject, object }, objectTimes, { draw, onEnd, onRest }) {
  /** @type {{match: Match, startS: number, endS: number}|null} */
  let course = null;
  let [momentS, shiftS, pace] = [0, 0, 1];
  let isPlaying = false;
  /** @type {number|null} */
  let wantedS = null;
  let isSeeking = false;
  let walks = 0;

  const subjectS = () => (course ? subjectMoment(course.match, correspondingS(course.match)) : 0) + shiftS;

  /** The object's moment to find the subject's by. Backwards, only the starts of frames correspond to starts of frames. @param {Match} match */
  const correspondingS = ({ backwards }) =>
    backwards && object && objectTimes ? objectTimes[frameAt(objectTimes, momentS)] : momentS;

  /** Goes only to the last moment asked for: a dragged slider asks faster than a file can be read. @param {number} toS */
  async function goTo(toS) {
    if (!course) return;
    momentS = Math.min(course.endS, Math.max(course.startS, toS));
    wantedS = momentS;
    if (isSeeking) return;
    isSeeking = true;
    while (wantedS !== null) {
      const nextS = wantedS;
      wantedS = null;
      await Promise.allSettled([object?.goTo(nextS), subject?.goTo(subjectS())]);
      draw();
    }
    isSeeking = false;
    if (!isPlaying) onRest();
  }

  async function play() {
    if (!course || !object?.video) return;
    isPlaying = true;
    await goTo(momentS > course.endS - 0.1 ? course.startS : momentS);
    if (!isPlaying) return;
    if (course.match.backwards && subject?.video) {
      walks += 1;
      return walk(walks, performance.now());
    }
    setRate(object, pace);
    if (subject) setRate(subject, pace / course.match.speed);
    await Promise.allSettled([object.video.play(), subject?.video?.play()]);
    requestAnimationFrame(follow);
  }

  function pause() {
    isPlaying = false;
    object?.video?.pause();
    subject?.video?.pause();
  }

  /** Shows both at the moment that is due, as often as both can be read. @param {number} own its number: an earlier walk ends @param {number} sinceMs */
  async function walk(own, sinceMs) {
    await new Promise(requestAnimationFrame);
    if (!isPlaying || !course || own !== walks) return;
    const nowMs = performance.now();
    const nextS = momentS + (pace * (nowMs - sinceMs)) / 1000;
    if (nextS >= course.endS) return end();
    await goTo(nextS);
    void walk(own, nowMs);
  }

  function end() {
    pause();
    void goTo(course?.endS ?? momentS);
    onEnd();
  }

  function follow() {
    if (!isPlaying || !course || !object) return;
    momentS = object.timeS();
    if (momentS >= course.endS || object.video?.ended) return end();
    catchUp(course.match.speed);
    draw();
    requestAnimationFrame(follow);
  }

  /** @param {number} speed */
  function catchUp(speed) {
    if (!subject?.video) return;
    const lagS = subjectS() - subject.timeS();
    if (Math.abs(lagS) > LOST_S) subject.video.currentTime += lagS;
    else setRate(subject, (pace / speed) * (1 + (Math.abs(lagS) > TRIFLE_S ? PULL * lagS : 0)));
  }

  return {
    goTo,
    play,
    pause,
    isPlaying: () => isPlaying,
    momentS: () => momentS,
    subjectS,
    /** @param {Match} match @param {{startS: number, endS: number}} range */
    follow(match, range) {
      course = { match, ...range };
      shiftS = 0;
      return goTo(match.best);
    },
    /** @param {number} chosen */
    setPace(chosen) {
      pace = chosen;
      if (isPlaying && object) setRate(object, pace);
    },
    /** Moves the subject against the object. @param {number} byS */
    async shift(byS) {
      shiftS += byS;
      await subject?.goTo(subjectS());
    },
  };
}

/** @param {Film} film @param {number} rate */
function setRate({ video }, rate) {
  if (video) video.playbackRate = rate;
}
