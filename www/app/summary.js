// @ts-check
/** The one line under a card's name: what a person in a hurry needs, and whether anything was wrong. */
import * as format from "./format.js";
import { isOpenedFingerprint } from "./hashing.js";
import { plural, t } from "./words.js";

/** @typedef {import("./types.js").Job} Job */

/** @param {Job} job */
export function summaryWords(job) {
  if (job.phase === "failed" || job.phase === "cancelled" || job.phase === "waiting") return t(`phase.${job.phase}`);
  if (!job.result) return format.size(job.file.size);
  const { kind, tier, width, height, frames, durationS } = job.result.facts;
  const sides = width && height ? t("facts.visible.value", { width: String(width), height: String(height) }) : "";
  const parts = kind === "picture" ? [t("summary.picture"), sides] : [
    durationS === null ? "" : format.duration(durationS), plural("progress.frames", frames), sides, tier ? t(`summary.${tier}`) : "",
  ];
  if (isOpenedFingerprint(job)) parts.push(t("summary.opened"));
  return parts.filter(Boolean).join(" · ");
}

/** What the warning mark says, or nothing. @param {Job} job */
export function warningWords({ result }) {
  if (!result) return "";
  if (!result.facts.complete) return t("summary.incomplete");
  const count = result.facts.problems.length;
  return count ? plural("summary.problems", count) : "";
}
