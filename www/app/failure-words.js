// @ts-check
/** From a failure's code to two sentences: what is wrong, and what to do. */
import { hasWords, t } from "./words.js";

/** Codes that carry their own message share the words of their family. */
const FAMILIES = ["fingerprint", "picture"];

/** @param {string} code */
function knownCode(code) {
  if (hasWords(`fail.${code}`)) return code;
  return FAMILIES.find((family) => code.startsWith(`${family}-`)) ?? "other";
}

/** @param {import("./types.js").Failure} failure @returns {{what: string, toDo: string}} */
export function failureWords({ code, details }) {
  const known = knownCode(code);
  const values = { code, message: code, codec: "?", container: "?", ...details };
  const [what, toDo] = [`fail.${known}`, `fail.${known}.do`];
  return { what: hasWords(what) ? t(what, values) : code, toDo: hasWords(toDo) ? t(toDo, values) : "" };
}
