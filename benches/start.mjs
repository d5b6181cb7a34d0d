// @ts-check
// Measures how long the page, opened from disk, takes to show itself and to be ready for files, in all browsers: node benches/start.mjs

import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { launch } from '../tests/browser/browsers.mjs';
import { BROWSERS, DIST } from '../tests/browser/page.mjs';

const LOADS = 10;

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const name of BROWSERS) {
  const browser = await launch(name);
  /** @type {number[][]} */
  const times = [];
  for (let i = 0; i <= LOADS; i++) {
    const { page } = await browser.open(pathToFileURL(join(DIST, 'index.html')).href);
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    times.push(await page.evaluate(() => {
      const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
      // The page is ready for files when its script, the last thing in it, has run.
      return [performance.getEntriesByName('first-contentful-paint')[0].startTime, navigation.domContentLoadedEventEnd];
    }));
    await page.close();
  }
  // The first load is left out: it also starts parts of the browser.
  const [painted, ready] = [0, 1].map((which) => times.slice(1).map((one) => one[which]));
  console.log(`${name}: first paint ${median(painted).toFixed(0)} ms (at most ${Math.max(...painted).toFixed(0)}), takes files after ${median(ready).toFixed(0)} ms (at most ${Math.max(...ready).toFixed(0)})`);
  await browser.close();
}
