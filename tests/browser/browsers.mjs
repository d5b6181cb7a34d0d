// @ts-check
// Real browsers for the tests, and a server on this computer that gives them the page and writes down
// what they ask for. Both browsers start with a fresh profile and are driven by puppeteer-core:
// Chromium over its DevTools protocol, Firefox over WebDriver BiDi.

import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import puppeteer from 'puppeteer-core';

/** @typedef {'chromium' | 'firefox'} BrowserName */
/** @typedef {import('puppeteer-core').Page} Page */

/** Where distributions put the browsers, first found first taken; the environment variable goes before. */
const PLACES = {
  chromium: ['CHROMIUM', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
  firefox: ['FIREFOX', '/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

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
  const [variable, ...paths] = PLACES[name];
  return process.env[variable] ?? paths.find((path) => existsSync(path));
}

/**
 * Starts a browser.
 * @param {BrowserName} name
 * @param {{ flags?: string[], settings?: Record<string, unknown>, width?: number, height?: number, downloads?: string }} [options]
 *   `flags` for Chromium, `settings` (about:config) for Firefox, `downloads`: a folder that saved files go to
 */
export async function launch(name, { flags = [], settings = {}, width = 1280, height = 900, downloads } = {}) {
  const executablePath = programOf(name);
  if (!executablePath) throw new Error(`${name} is not installed: apt-get install ${name === 'firefox' ? 'firefox-esr' : name}`);
  const common = { executablePath, headless: true, defaultViewport: { width, height }, protocolTimeout: 600_000 };
  const saving = downloads && { 'browser.download.folderList': 2, 'browser.download.dir': downloads, 'browser.download.useDownloadDir': true };
  const browser = await (name === 'chromium'
    ? puppeteer.launch({ ...common, browser: 'chrome', args: [...CHROMIUM_FLAGS, ...flags] })
    : puppeteer.launch({ ...common, browser: 'firefox', extraPrefsFirefox: { ...FIREFOX_QUIET, ...saving, ...settings } }));
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
      const bytes = await readFile(file);
      response.writeHead(200, { 'content-type': MEDIA_TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
