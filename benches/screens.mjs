// @ts-check
// Takes pictures of every state of the page, to look at: in each language and a made-up one from right to left, in both themes,
// on a phone and on a wide screen. Written to target/screens. After the page is built:
//   node benches/screens.mjs [chromium | firefox]

import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startBrowser } from '../tests/browser/page.mjs';
import { PSEUDO, buildPseudoPage } from '../tests/browser/pseudo.mjs';
import { makeStateFiles, visitStates } from '../tests/browser/states.mjs';

const FOLDER = 'target/screens';
const SIZES = [{ width: 1280, height: 900 }, { width: 360, height: 740 }];
const THEMES = ['light', 'dark'];

const name = /** @type {'chromium' | 'firefox'} */ (process.argv[2] ?? 'chromium');
const [dist, files] = await Promise.all([buildPseudoPage(), makeStateFiles()]);
const browser = await startBrowser(name, { dist });

/** @param {string} language */
async function picture(language) {
  const open = async (/** @type {string | undefined} */ link) => {
    const tab = await browser.open(link);
    await tab.page.select('#language', language);
    return tab;
  };
  await visitStates(open, files, async (state, { page }) => {
    for (const theme of THEMES) {
      // Firefox has no such command.
      if (name === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      for (const size of SIZES) {
        await page.setViewport(size);
        await page.screenshot({ path: join(FOLDER, `${state}-${language}-${theme}-${size.width}.png`), fullPage: state !== 'viewer' });
      }
    }
  });
}

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
for (const language of ['en', 'es', PSEUDO]) await picture(language);
await browser.close();
await rm(dirname(dist), { recursive: true, force: true });
console.log(`pictures are in ${FOLDER}`);
