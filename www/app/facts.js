// @ts-check
/** The facts of a result as a definition list, each value in an element of its own for tests to find. */
import { createCopyButton } from "./copy-button.js";
import { element } from "./element.js";
import * as format from "./format.js";
import { hasWords, t } from "./words.js";

/** @typedef {import("./types.js").Facts} Facts */
/** @typedef {{id: string, label: string, value: string, hash?: boolean, raw?: string, note?: string}} Fact */

/** Names as their makers write them; they are the same in every language. @type {Record<string, string>} */
const NAMES = {
  h264: "H.264 (AVC)", hevc: "H.265 (HEVC)", h265: "H.265 (HEVC)", vp8: "VP8", vp9: "VP9", av1: "AV1", prores: "ProRes", mjpeg: "Motion JPEG", mpeg4: "MPEG-4 part 2",
  mp4: "MP4", mov: "QuickTime (MOV)", "3gp": "3GP", matroska: "Matroska (MKV)", webm: "WebM", mpegts: "MPEG-TS", avi: "AVI", png: "PNG", jpeg: "JPEG", webp: "WebP",
};

/** @param {string|null} code */
const nameOf = (code) => (code === null ? t("facts.unknown") : NAMES[code] ?? code);

/** @param {import("./types.js").HashResult} result */
export function createFacts(result) {
  const { facts } = result;
  const list = facts.kind === "picture"
    ? [...pictureFacts(result), ...fileFacts(facts), visibleFact(facts)]
    : [...fileFacts(facts), ...videoFacts(facts), tierFact(facts)];
  return element("section", { class: "facts", "data-testid": "facts" },
    element("h3", {}, t("facts.label")), element("dl", {}, ...list.filter((fact) => fact !== null).map(factRow)));
}

/** @param {Fact} fact */
function factRow({ id, label, value, hash, raw, note }) {
  const shown = element(hash ? "code" : "span", { class: hash ? "hash" : undefined, "data-testid": `facts-${id}`, "data-value": raw }, value);
  const main = hash ? element("span", { class: "with-copy" }, shown, createCopyButton(value, label)) : shown;
  return element("div", { class: `fact fact-${id}` }, element("dt", {}, label), element("dd", {}, main, note ? element("p", { class: "note" }, note) : ""));
}

/** @param {Facts} facts @returns {Fact[]} */
function fileFacts({ file: { sha256, bytes, container } }) {
  const size = bytes === null ? t("facts.unknown") : t("facts.size.value", { size: format.size(bytes), bytes });
  return [
    { id: "sha256", label: t("facts.sha256"), value: sha256 ?? t("facts.unknown"), hash: sha256 !== null },
    { id: "size", label: t("facts.size"), value: size, raw: String(bytes ?? "") },
    { id: "container", label: t("facts.container"), value: nameOf(container), raw: container ?? "" },
  ];
}

/** @param {Facts} facts @returns {Fact[]} */
function videoFacts(facts) {
  const { codec, rotation, durationS, frames, rate } = facts;
  const turned = rotation ? t("facts.rotation.value", { degrees: rotation }) : t(rotation === null ? "facts.unknown" : "facts.rotation.none");
  const fps = rate && format.number(rate.fps, 3);
  return [
    { id: "codec", label: t("facts.codec"), value: nameOf(codec), raw: codec ?? "" },
    { id: "pixels", label: t("facts.pixels"), value: pixelWords(facts), raw: facts.pixelFormat ?? "" },
    visibleFact(facts),
    { id: "rotation", label: t("facts.rotation"), value: turned, raw: String(rotation ?? "") },
    { id: "duration", label: t("facts.duration"), value: durationS === null ? t("facts.unknown") : `${format.duration(durationS)} (${format.clock(durationS)})`, raw: String(durationS ?? "") },
    { id: "frames", label: t("facts.frames"), value: format.number(frames), raw: String(frames) },
    { id: "rate", label: t("facts.rate"), value: fps ? t(rate.constant ? "facts.rate.constant" : "facts.rate.variable", { fps }) : t("facts.unknown"), raw: rate ? (rate.constant ? "constant" : "variable") : "" },
  ];
}

/** @param {Facts} facts */
function pixelWords({ pixelFormat, range }) {
  if (pixelFormat === null) return t("facts.unknown");
  return range === null ? pixelFormat : t(`facts.range.${range}`, { format: pixelFormat });
}

/** @param {Facts} facts @returns {Fact} */
function visibleFact({ width, height }) {
  const value = width && height ? t("facts.visible.value", { width: String(width), height: String(height) }) : t("facts.unknown");
  return { id: "visible", label: t("facts.visible"), value, raw: `${width ?? ""}x${height ?? ""}` };
}

/** Which kind of fingerprint it is, why, and what that means. @param {Facts} facts @returns {Fact|null} */
function tierFact({ tier, tierReason }) {
  if (tier === null) return null;
  const label = t("facts.tier");
  if (tier === "exact") return { id: "tier", label, value: t("tier.exact"), raw: tier, note: t("tier.exact.means") };
  const key = `tier.reason.${tierReason}`;
  const reason = hasWords(key) ? t(key) : tierReason ? t("tier.reason.other", { reason: tierReason }) : "";
  return { id: "tier", label, value: t("tier.perceptual"), raw: tier, note: [reason, t("tier.perceptual.means"), t("tier.advice")].join(" ").trim() };
}

/** @param {import("./types.js").HashResult} result @returns {Fact[]} */
function pictureFacts({ facts, columns }) {
  const classic = Object.entries(facts.classicHashes ?? {});
  return [
    { id: "pdq", label: t("facts.pdq"), value: format.hashAt(columns.pdqs, 0), hash: true },
    { id: "quality", label: t("facts.quality"), value: t("facts.quality.value", { quality: columns.qualities[0] }), raw: String(columns.qualities[0]) },
    ...classic.map(([name, hash]) => ({ id: `classic-${name}`, label: t("facts.classic", { name }), value: hash, hash: true })),
  ];
}
