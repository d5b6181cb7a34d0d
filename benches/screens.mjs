// @ts-check
// Pictures of every state of the page, to look at: in each language, and in one that runs from right to left, in both themes,
// on a phone and on a wide screen. Written to target/screens. After the page is built:
//   node benches/screens.mjs [chromium | firefox]

import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startBrowser } from '../tests/browser/page.mjs';
import { PSEUDO, buildPseudoPage } from '../tests/browser/pseudo.mjs';
import { comparisonStates, fingerprintStates, makeStateFiles, questionStates } from '../tests/browser/states.mjs';

const FOLDER = 'target/screens';
const SIZES = [{ width: 1280, height: 900 }, { width: 360, height: 740 }];
const THEMES = ['light', 'dark'];

const name = /** @type {'chromium' | 'firefox'} */ (process.argv[2] ?? 'chromium');
const [dist, files] = await Promise.all([buildPseudoPage(), makeStateFiles()]);
const browser = await startBrowser(name, { dist });

/** @param {AsyncGenerator<string, any>} states @param {import('../tests/browser/page.mjs').Tab} tab @param {string} language */
async function picture(states, { page }, language) {
  let next = await states.next();
  for (; !next.done; next = await states.next())
    for (const theme of THEMES) {
      // Firefox cannot be told by this way.
      if (name === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      for (const size of SIZES) {
        await page.setViewport(size);
        await page.screenshot({ path: join(FOLDER, `${next.value}-${language}-${theme}-${size.width}.png`), fullPage: next.value !== 'viewer' });
      }
    }
  return next.value;
}

/** @param {string} language @param {string} [url] */
async function open(language, url) {
  const tab = await browser.open(url);
  await tab.page.select('#language', language);
  return tab;
}

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
for (const language of ['en', 'es', PSEUDO]) {
  const tab = await open(language);
  const link = await picture(fingerprintStates(tab, files), tab, language);
  await picture(comparisonStates(tab, files), tab, language);
  const asked = await open(language, link);
  await picture(questionStates(asked, files), asked, language);
  await Promise.all([tab.close(), asked.close()]);
}
await browser.close();
await rm(dirname(dist), { recursive: true, force: true });
console.log(`pictures are in ${FOLDER}`);
