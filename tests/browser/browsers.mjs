// @ts-check
// Starts real browsers for the tests, and a server on this computer that serves the page and records
// their requests. All browsers start with a fresh profile. puppeteer-core drives Chromium over its
// DevTools protocol and Firefox over WebDriver BiDi; webkit.mjs drives WebKit over WebDriver.

import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import puppeteer from 'puppeteer-core';
import { TEST_PATIENCE_MS, miniBrowser, startWebkit } from './webkit.mjs';

/** @typedef {'chromium' | 'firefox' | 'webkit'} BrowserName */
/** @typedef {import('puppeteer-core').Page} Page */

/** Where distributions put the browsers, first found first taken; the environment variable goes before. WebKit's has no fixed place. */
const PLACES = {
  chromium: ['CHROMIUM', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
  firefox: ['FIREFOX', '/usr/bin/firefox-esr', '/usr/bin/firefox'],
};
/** Debian's packages. */
const PACKAGES = { chromium: 'chromium', firefox: 'firefox-esr', webkit: 'webkit2gtk-driver xvfb' };

const CHROMIUM_FLAGS = [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Firefox settings: nothing may be sent, fetched or updated behind the test's back. */
const FIREFOX_QUIET = {
  'app.update.disabledForTesting': true,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

/** @param {BrowserName} name @returns {string | undefined} the browser's program, if it is installed */
export function programOf(name) {
  if (name === 'webkit') return miniBrowser();
  const [variable, ...paths] = PLACES[name];
  return process.env[variable] ?? paths.find((path) => existsSync(path));
}

/**
 * Starts a browser.
 * @param {BrowserName} name
 * @param {{ flags?: string[], settings?: Record<string, unknown>, isStill?: boolean, width?: number, height?: number, downloads?: string }} [options]
 *   `flags` for Chromium, `settings` (about:config) for Firefox, `isStill`: for a person who wishes for less motion,
 *   `downloads`: a folder that saved files go to
 */
export async function launch(name, { flags = [], settings = {}, isStill = false, width = 1280, height = 900, downloads } = {}) {
  const executablePath = programOf(name);
  if (!executablePath) throw new Error(`${name} is not installed: apt-get install ${PACKAGES[name]}`);
  if (name === 'webkit') {
    const browser = await startWebkit({ program: executablePath, downloads, isStill, putFirst });
    return {
      name,
      browser: /** @type {import('puppeteer-core').Browser} */ (/** @type {unknown} */ (browser)),
      /** @param {string} url */
      async open(url) {
        const page = await browser.newPage();
        await page.setViewport({ width, height });
        await page.goto(url);
        return { page: /** @type {Page} */ (/** @type {unknown} */ (page)), said: page.said };
      },
      close: () => browser.close(),
    };
  }
  const common = { executablePath, headless: true, defaultViewport: { width, height }, protocolTimeout: 600_000 };
  const saving = downloads && { 'browser.download.folderList': 2, 'browser.download.dir': downloads, 'browser.download.useDownloadDir': true };
  const still = isStill && { 'ui.prefersReducedMotion': 1 };
  const browser = await (name === 'chromium'
    ? puppeteer.launch({ ...common, browser: 'chrome', args: [...CHROMIUM_FLAGS, ...(isStill ? ['--force-prefers-reduced-motion'] : []), ...flags] })
    : puppeteer.launch({ ...common, browser: 'firefox', extraPrefsFirefox: { ...FIREFOX_QUIET, ...saving, ...still, ...settings } }));
  if (downloads && name === 'chromium') {
    // For as long as the browser lives: the setting ends with the session that made it.
    const session = await browser.target().createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
  }
  return {
    name,
    browser,
    /** Opens a page; what it writes to its console and every uncaught error go into `said`. @param {string} url */
    async open(url) {
      const page = await browser.newPage();
      page.setDefaultTimeout(TEST_PATIENCE_MS);
      await page.setViewport({ width, height });
      /** @type {string[]} */
      const said = [];
      page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => said.push(`uncaught: ${error}`));
      await page.goto(url);
      return { page, said };
    },
    close: () => browser.close(),
  };
}

/** Scripts that a page gets before its own, by the origin of the server that gives it. @type {Map<string, string>} */
const first = new Map();

/**
 * Has the next page of a server of this process begin with a script, before the page's policy: WebKit has no other way.
 * @param {string} url @param {string} script
 * @returns {boolean} false where it is no such server's
 */
function putFirst(url, script) {
  const { origin } = new URL(url);
  if (first.has(origin)) first.set(origin, script);
  return first.has(origin);
}

/** @param {Buffer} page @param {string | undefined} script */
function beginningWith(page, script) {
  return script ? page.toString().replace(/<head>/, (head) => `${head}<script>${script}\ndocument.currentScript.remove();</script>`) : page;
}

const MEDIA_TYPES = /** @type {{ [extension: string]: string }} */ ({
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png',
});

/**
 * Serves a folder on 127.0.0.1 at a free port.
 * @param {string} folder
 * @returns {Promise<{ url: string, requests: { method: string, path: string }[], close: () => Promise<void> }>}
 *   `requests`: everything that was asked for, in order
 */
export async function serve(folder) {
  /** @type {{ method: string, path: string }[]} */
  const requests = [];
  const server = createServer(async ({ method = '', url = '/' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname);
    requests.push({ method, path });
    const file = join(folder, normalize(path.endsWith('/') ? `${path}index.html` : path));
    try {
      const type = extname(file);
      let bytes = /** @type {Buffer | string} */ (await readFile(file));
      if (type === '.html') {
        bytes = beginningWith(/** @type {Buffer} */ (bytes), first.get(origin));
        first.set(origin, '');
      }
      response.writeHead(200, { 'content-type': MEDIA_TYPES[type] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://127.0.0.1:${port}`;
  first.set(origin, '');
  return {
    url: `${origin}/`,
    requests,
    close: () => new Promise((resolve) => {
      first.delete(origin);
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
