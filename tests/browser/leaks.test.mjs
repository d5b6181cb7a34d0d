// @ts-check
// Nothing can leave the page: every way out that a page has is planted in a copy of ours, and a server counts what arrives.
// Without the policy everything arrives, so the count can be trusted. docs/privacy.md has the threats.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { launch, serve } from './browsers.mjs';
import { BROWSERS, DIST, unless } from './page.mjs';

/** Everything planted has had its chance after so long; what must arrive is waited for longer, on a slow machine. */
const WAIT_MS = 4000;
const PATIENCE_MS = 40_000;

/** Adds an element to the page. @param {string} tag @param {string} attributes as an object's source */
const add = (tag, attributes) => `document.body.append(Object.assign(document.createElement('${tag}'), ${attributes}))`;

/** Ways to ask a server for something: the code that does it, given the address as a string's source. @type {Record<string, (to: string) => string>} */
const REQUESTS = {
  fetch: (to) => `fetch(${to}).catch(() => {})`,
  xhr: (to) => `const x = new XMLHttpRequest(); x.open('GET', ${to}); x.send()`,
  beacon: (to) => `navigator.sendBeacon(${to}, 'x')`,
  eventsource: (to) => `new EventSource(${to})`,
  websocket: (to) => `new WebSocket(${to}.replace('http', 'ws'))`,
  image: (to) => `new Image().src = ${to}`,
  video: (to) => add('video', `{ src: ${to}, preload: 'auto' }`),
  script: (to) => add('script', `{ src: ${to} }`),
  module: (to) => `import(${to}).catch(() => {})`,
  object: (to) => add('object', `{ data: ${to} }`),
  frame: (to) => add('iframe', `{ src: ${to} }`),
  stylesheet: (to) => add('link', `{ rel: 'stylesheet', href: ${to} }`),
  import: (to) => add('style', `{ textContent: '@import url(' + ${to} + ');' }`),
  background: (to) => `document.body.style.backgroundImage = 'url(' + ${to} + ')'`,
  font: (to) => `new FontFace('planted', 'url(' + ${to} + ')').load().catch(() => {})`,
  prefetch: (to) => add('link', `{ rel: 'prefetch', href: ${to} }`),
  preload: (to) => add('link', `{ rel: 'preload', as: 'image', href: ${to} }`),
  worker: (to) => `new Worker(URL.createObjectURL(new Blob(['fetch("' + ${to} + '").catch(() => {})'])))`,
  form: (to) => `const f = document.createElement('form'); f.method = 'post'; f.action = ${to}; f.target = '_blank'; document.body.append(f); f.submit()`,
};

/** Ways that a browser does not go, policy or none: WebKit fetches nothing beforehand, and opens no window for a form that nobody sent. */
const NOT_GONE = { chromium: [''], firefox: [''], webkit: ['form', 'prefetch'] };

/** Ways out that no policy of today's browsers forbids. The page must not even have their names in it. */
const UNFORBIDDEN = ['window.open(', '.sendBeacon(', 'preconnect', 'dns-prefetch', 'speculationrules', 'WebTransport', 'serviceWorker', 'localStorage', 'sessionStorage', 'indexedDB', 'document.cookie'];

/** @param {string} text */
const digestOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page with another script, which its policy allows. @param {string} page @param {(script: string) => string} change */
function withScript(page, change) {
  const script = /<script>([\s\S]*)<\/script><\/body>/.exec(page)?.[1] ?? '';
  const changed = change(script);
  return page.replaceAll(digestOf(script), () => digestOf(changed)).replace(script, () => changed);
}

/** @param {string} page */
const withoutPolicy = (page) => page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/g, '');

/** A server for what should not arrive: paths asked for, and packets by UDP, as WebRTC sends them. */
async function startListener() {
  /** @type {Set<string>} */
  const arrived = new Set();
  const server = createServer(({ url = '' }, response) => {
    // What a browser asks for by itself where a page was opened.
    if (url !== '/favicon.ico') arrived.add(url.slice(1));
    response.writeHead(404).end();
  });
  server.on('upgrade', ({ url = '' }, socket) => {
    arrived.add(url.slice(1));
    socket.destroy();
  });
  const udp = createSocket('udp4').on('message', () => arrived.add('webrtc'));
  await Promise.all([
    new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null))),
    new Promise((resolve) => udp.bind(0, '127.0.0.1', () => resolve(null))),
  ]);
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    arrived,
    origin: `http://127.0.0.1:${port}/`,
    stun: `stun:127.0.0.1:${udp.address().port}`,
    close: () => { server.closeAllConnections(); server.close(); udp.close(); },
  };
}

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof launch>>} */
    let browser;
    /** @type {string} */
    let page;
    before(async () => {
      browser = await launch(name);
      page = await readFile(join(DIST, 'index.html'), 'utf8');
    });
    after(() => browser?.close());

    /**
     * What arrives when a page is opened at the end of whose script all of this is planted.
     * @param {{ changePage?: (page: string) => string, changeScript?: (script: string) => string, expected?: number }} [changes]
     *   `expected`: how many must arrive
     */
    async function arrivals({ changePage = (same) => same, changeScript = (same) => same, expected = 0 } = {}) {
      const listener = await startListener();
      const folder = await mkdtemp(join(tmpdir(), 'cotejo-leaks-'));
      const requests = Object.entries(REQUESTS).map(([way, code]) => `try { ${code(`'${listener.origin}${way}'`)} } catch {}`);
      const webrtc = `try { const p = new RTCPeerConnection({ iceServers: [{ urls: '${listener.stun}' }] });`
        + ' p.createDataChannel("x"); p.createOffer().then((offer) => p.setLocalDescription(offer)) } catch {}';
      const planted = [...requests, webrtc].map((code) => `(() => { ${code} })();`).join('\n');
      await writeFile(join(folder, 'index.html'), changePage(withScript(page, (script) => `${changeScript(script)}\n${planted}`)));
      const site = await serve(folder);
      try {
        const { page: tab } = await browser.open(site.url);
        const end = Date.now() + PATIENCE_MS;
        do await pause(WAIT_MS); while (listener.arrived.size < expected && Date.now() < end);
        await tab.close();
      } finally {
        await Promise.all([site.close(), rm(folder, { recursive: true })]);
        listener.close();
      }
      return [...listener.arrived].toSorted();
    }

    test('nothing that is planted in the page reaches a server', async () => {
      assert.deepEqual(await arrivals(), []);
    });

    test('nor without Trusted Types, which stop a planted worker before it can ask', async () => {
      const changePage = (/** @type {string} */ page) => page.replace(/; require-trusted-types-for 'script'; trusted-types cotejo/, '');
      assert.notEqual(changePage(page), page);
      assert.deepEqual(await arrivals({ changePage }), []);
    });

    test('text becomes a script at no other place than the one that the page has for it', async () => {
      const site = await serve(DIST);
      const { page: tab, said } = await browser.open(site.url);
      const refused = await tab.evaluate(() => {
        const tries = /** @type {(() => unknown)[]} */ ([
          () => new Worker(URL.createObjectURL(new Blob(['']))),
          () => { document.createElement('script').src = 'data:,'; },
          () => { document.body.innerHTML = '<p>x</p>'; },
          () => (/** @type {any} */ (window)).trustedTypes.createPolicy('cotejo', {}),
          () => (/** @type {any} */ (window)).trustedTypes.createPolicy('default', {}),
        ]);
        return tries.map((attempt) => {
          try { attempt(); return 'allowed'; } catch (error) { return /** @type {Error} */ (error).name; }
        });
      });
      await Promise.all([tab.close(), site.close()]);
      assert.ok(!refused.includes('allowed'), `${refused} ${said}`);
    });

    test('without the policy every way is a way out', async () => {
      // The page gives WebRTC away by itself.
      const expected = Object.keys(REQUESTS).filter((way) => !NOT_GONE[name].includes(way)).toSorted();
      assert.deepEqual(await arrivals({ changePage: withoutPolicy, expected: expected.length }), expected);
    });

    test('WebRTC would be a way out if the page did not give it away', { skip: unless(name, { firefox: 'it sends nothing to this machine itself', webkit: 'WebKitGTK has no WebRTC' }) }, async () => {
      const changeScript = (/** @type {string} */ script) => script.replace(/for\((?:let|const|var) \w+ of ?\["RTCPeerConnection"[^;]*;/, '');
      assert.deepEqual(await arrivals({ changeScript, expected: 1 }), ['webrtc']);
    });

    test('ways out that no policy forbids are not in the page', () => {
      // The core's bytes are letters, too; what is looked for holds other signs or is longer than chance gives.
      assert.deepEqual(UNFORBIDDEN.filter((way) => page.includes(way)), []);
    });
  });
}
