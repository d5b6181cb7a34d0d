// @ts-check
// Opens the page as if in a browser that misbehaves: a test's script runs in each worker before the page's own. The page has no hook
// for that, so the worker's source is intercepted in the page, and the script put before it.

/**
 * Opens the page, in which patience is a fifth of what it is; scripts that are given can make it so in workers, too ({@link hurry}).
 * @param {Awaited<ReturnType<typeof import('./page.mjs').startBrowser>>} browser
 * @param {...() => void} scripts to run at the start of each worker; passed as text, so they see no variables from outside
 */
export async function openTampered(browser, ...scripts) {
  const tab = await browser.open('about:blank');
  await tab.page.evaluateOnNewDocument(putFirst, scripts.map((script) => `(${script})();`).join('\n'));
  await tab.page.evaluateOnNewDocument(hurry);
  await tab.page.goto(browser.site.url);
  return tab;
}

/** @param {string} script */
function putFirst(script) {
  const Real = Blob;
  self.Blob = class extends Real {
    /** @param {BlobPart[]} [parts] @param {BlobPropertyBag} [options] */
    constructor(parts = [], options) {
      super(options?.type === 'text/javascript' ? [script, ...parts] : parts, options);
    }
  };
}

/** Whoever waits five seconds, a step of every patience (www/shared/watch.js), waits one: 20 s without progress become 4. */
export function hurry() {
  const real = self.setTimeout;
  self.setTimeout = /** @type {typeof setTimeout} */ ((/** @type {() => void} */ action, /** @type {number} */ ms) =>
    real(action, ms === 5_000 ? 1000 : ms));
}
