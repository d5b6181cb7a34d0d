// @ts-check
/**
 * The representative frames as thumbnails, each with its time; a click enlarges. Frames are shown upright although
 * they are hashed and saved as stored: a person recognises a scene, not a scene on its side.
 */
import { element } from "./element.js";
import { clock } from "./format.js";
import { openViewer } from "./viewer.js";
import { t } from "./words.js";

/** @typedef {import("./types.js").Job} Job */

/** @param {Job} job */
export function createStrip(job) {
  const result = /** @type {import("./types.js").HashResult} */ (job.result);
  const { width, height, rotation } = result.facts;
  const turned = rotation === 90 || rotation === 270;
  const [wide, high] = turned ? [height, width] : [width, height];
  const places = Array.from(result.chosen, (index, place) => createPlace(job, index, place, `${wide ?? 16} / ${high ?? 9}`));
  const list = element("ol", { class: "strip", "data-testid": "strip", "aria-label": t("strip.label") }, ...places.map((place) => place.element));
  list.classList.add((high ?? 9) > (wide ?? 16) ? "tall" : "wide");
  list.style.setProperty("--ratio", String((wide || 16) / (high || 9)));
  const note = element("p", { class: "note" }, rotation ? t("strip.upright") : "");
  note.hidden = !rotation;

  /** @param {Job} now */
  function update({ picturesFailed }) {
    for (const place of places) place.update();
    list.dataset.pictures = String(job.pictures.size);
    if (!picturesFailed) return;
    note.textContent = t("strip.failed");
    note.hidden = false;
    list.classList.add("lost");
  }
  update(job);
  return { element: element("div", {}, list, note), update };
}

/** One thumbnail: a placeholder until its picture comes. @param {Job} job @param {number} index @param {number} place @param {string} ratio */
function createPlace(job, index, place, ratio) {
  const { columns, facts } = /** @type {import("./types.js").HashResult} */ (job.result);
  const time = clock(columns.times[index]);
  const box = element("span", { class: "thumb" });
  box.style.aspectRatio = ratio;
  const button = element("button", { type: "button", class: "thumb-button", "aria-label": t("strip.frame", { frame: index, time }), onclick: () => openViewer(job, place) },
    box, element("span", { class: "thumb-time", "aria-hidden": "true" }, time));
  button.disabled = true;

  function update() {
    const picture = job.pictures.get(index);
    if (!picture || box.firstElementChild) return;
    box.append(element("img", { class: `turn-${facts.rotation ?? 0}`, src: picture.url, alt: "", decoding: "async", draggable: "false" }));
    button.disabled = false;
  }
  return { element: element("li", {}, button), update };
}
