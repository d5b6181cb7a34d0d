// @ts-check
// WebKit for the tests: MiniBrowser of WebKitGTK, driven by WebKitWebDriver (W3C WebDriver), on a display of its own and with a
// fresh profile. It is asked in the words of puppeteer, of which it has what the tests use, so that one test runs in all browsers.
//
// WebDriver has no way to hear a page's console or to put a script before the page's own. So a script that hears is put first by
// the tests' own server (browsers.mjs), or, where a page comes from a disk, after it has loaded.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LIBRARIES = '/usr/lib';
/** Where the browser lies in a folder of LIBRARIES that is named after the kind of machine. */
const MINI_BROWSER = 'webkit2gtk-4.1/MiniBrowser';
const DRIVER = '/usr/bin/WebKitWebDriver';
const DISPLAY = '/usr/bin/Xvfb';

/** Larger than any window that a test asks for. */
const SCREEN = '1920x1600x24';
const START_MS = 30_000;
/** Nothing that a test waits for takes this long, on the slowest machine; where many things are waited for, a test names a multiple. */
export const TEST_PATIENCE_MS = 90_000;
const POLL_MS = 25;
/** Each question keeps the driver and the page busy, so what lasts is asked about less and less often, down to this. Chosen. */
const SLOWEST_POLL_MS = 200;
/** The driver does one thing at a time: others wait for so long at most. Chosen. */
const LOOK_MS = 400;
/** A window that does not get its size in this time never will. */
const RESIZE_MS = 5000;

/** What WebDriver calls a reference to an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** What WebDriver calls keys, by what puppeteer calls them. */
const KEYS = /** @type {{ [key: string]: string }} */ ({
  Tab: '\uE004', Enter: '\uE007', Escape: '\uE00C', ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Shift: '\uE008',
});

/**
 * The toolbar must not keep windows from being as narrow as a phone; and the bar that gets a row for each saved file must not take the
 * page's place: after twenty the page was one pixel high, and drew nothing.
 */
const BARE = '* { min-width: 0; min-height: 0; padding: 0; margin: 0; } infobar { margin-top: -9999px; }';

/**
 * @typedef {{ display?: import('node:child_process').ChildProcess, driver?: import('node:child_process').ChildProcess, home: string }} Started
 * @typedef {{ [name: string]: unknown }} Reference to an element, in WebDriver's words
 */

/** The browser's program, if all that it needs is installed. */
export function miniBrowser() {
  if (!existsSync(DRIVER) || !existsSync(DISPLAY)) return undefined;
  return readdirSync(LIBRARIES).map((folder) => join(LIBRARIES, folder, MINI_BROWSER)).find((path) => existsSync(path));
}

/** What was started and has not been ended yet: ended with this process, however that ends. @type {Set<Started>} */
const running = new Set();
process.on('exit', () => { for (const started of running) killAll(started); });
for (const [signal, number] of /** @type {const} */ ([['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]])) {
  process.once(signal, () => { if (running.size > 0) process.exit(128 + number); });
}

/** @param {Started} started */
function killAll({ display, driver }) {
  // The driver leads a group, in which the browser and all its processes are.
  if (driver?.pid) try { process.kill(-driver.pid, 'SIGKILL'); } catch { /* has ended */ }
  display?.kill('SIGKILL');
}

/**
 * Starts the browser.
 * @param {{ program: string, downloads?: string, isStill?: boolean, putFirst: (url: string, script: string) => boolean }} options
 *   `isStill`: for a person who wishes for less motion; `putFirst`: has a script put before those of the page at an address, once;
 *   false where that cannot be
 */
export async function startWebkit({ program, downloads, isStill = false, putFirst }) {
  const home = await mkdtemp(join(tmpdir(), 'cotejo-webkit-'));
  /** @type {Started} */
  const started = { home };
  running.add(started);
  const close = async () => {
    killAll(started);
    running.delete(started);
    await pause(POLL_MS);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const config = await makeProfile(home, downloads ?? home, isStill);
    const display = await startDisplay(started);
    const port = await freePort();
    const env = {
      PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, DISPLAY: display, GDK_BACKEND: 'x11',
      XDG_CONFIG_HOME: config, XDG_CACHE_HOME: join(home, 'cache'), XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: home,
      // Drawn by the processor at once, not by OpenGL that the processor must imitate: 40 % less of its time for all that a test does.
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      // Nothing of the machine's own desktop: no settings, no screen reader.
      GSETTINGS_BACKEND: 'memory', NO_AT_BRIDGE: '1', GTK_A11Y: 'none',
    };
    started.driver = spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore', detached: true });
    const session = await Session.begin(port, { binary: program, args: ['--automation'] });
    return new WebkitBrowser(session, started.driver, putFirst, close);
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** A home with nothing in it but settings. @param {string} home @param {string} downloads @param {boolean} isStill */
async function makeProfile(home, downloads, isStill) {
  const config = join(home, 'config');
  await mkdir(join(config, 'gtk-3.0'), { recursive: true });
  await writeFile(join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  await writeFile(join(config, 'gtk-3.0/settings.ini'), `[Settings]\ngtk-enable-animations=${isStill ? 0 : 1}\n`);
  await writeFile(join(config, 'gtk-3.0/gtk.css'), BARE);
  return config;
}

/** A display that nobody sees; it finds a free number itself. @param {Started} started @returns {Promise<string>} its name */
async function startDisplay(started) {
  const display = spawn(DISPLAY, ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  started.display = display;
  const told = /** @type {import('node:stream').Readable} */ (display.stdio[3]);
  return new Promise((resolve, reject) => {
    told.once('data', (number) => resolve(`:${String(number).trim()}`));
    display.once('exit', () => reject(new Error('Xvfb ended')));
  });
}

/** @returns {Promise<number>} */
function freePort() {
  const server = createServer();
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    server.close(() => resolve(port));
  }));
}

/** WebDriver's answers that say what went wrong. */
class Refusal extends Error {}

/** A session of WebDriver. It knows one window at a time, so it is asked one thing at a time. */
class Session {
  /** @param {number} port @param {string} path */
  constructor(port, path) {
    this.port = port;
    this.path = path;
    this.window = '';
    /** What was asked last. @type {Promise<unknown>} */
    this.last = Promise.resolve();
  }

  /** @param {number} port @param {{ binary: string, args: string[] }} options */
  static async begin(port, options) {
    const session = new Session(port, '');
    const end = Date.now() + START_MS;
    for (;;) {
      try {
        const { sessionId } = await session.send('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } });
        session.path = `/session/${sessionId}`;
        session.window = await session.send('GET', '/window');
        await session.send('POST', '/timeouts', { script: null });
        return session;
      } catch (cause) {
        if (cause instanceof Refusal || Date.now() > end) throw cause;
        await pause(POLL_MS);
      }
    }
  }

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async send(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${this.port}${this.path}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = /** @type {{ value: any }} */ (await response.json());
    if (!response.ok) throw new Refusal(`${value.error}: ${value.message}`);
    return value;
  }

  /** Does something in a window, after all that was asked before. @template T @param {string} window @param {() => Promise<T>} deed @returns {Promise<T>} */
  in(window, deed) {
    const turn = this.last.then(async () => {
      if (window !== this.window) await this.send('POST', '/window', { handle: window });
      this.window = window;
      return deed();
    });
    this.last = turn.catch(() => {});
    return turn;
  }

  /** @param {string} window @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  ask(window, method, path, body) {
    return this.in(window, () => this.send(method, path, body));
  }
}

class WebkitBrowser {
  /**
   * @param {Session} session @param {import('node:child_process').ChildProcess} driver
   * @param {(url: string, script: string) => boolean} putFirst @param {() => Promise<void>} end
   */
  constructor(session, driver, putFirst, end) {
    this.session = session;
    this.driver = driver;
    this.putFirst = putFirst;
    this.end = end;
  }

  /**
   * A page has a window of its own, because hidden tabs draw nothing. The one that the browser opens by itself stays empty: the browser
   * ends with its last window, and that one was seen to draw nothing until there was another.
   */
  async newPage() {
    const { handle } = await this.session.ask(this.session.window, 'POST', '/window/new', { type: 'window' });
    return new WebkitPage(this, handle);
  }

  /** The process under which all others are. */
  process() {
    return this.driver;
  }

  async close() {
    await Promise.race([this.session.send('DELETE', ''), pause(START_MS, undefined, { ref: false })]).catch(() => {});
    await this.end();
  }
}

/** In the page, before its own scripts if that can be: keeps what is said to the console, and what nobody catches. */
function hear() {
  // A symbol is in nobody's way.
  const place = Symbol.for('heard');
  if (place in window) return;
  const heard = /** @type {string[]} */ ([]);
  Object.defineProperty(window, place, { value: heard });
  for (const type of /** @type {const} */ (['log', 'info', 'warn', 'error', 'debug'])) {
    const say = console[type];
    console[type] = (...words) => {
      heard.push(`${type}: ${words.join(' ')}`);
      say.apply(console, words);
    };
  }
  addEventListener('error', ({ error, message, target }) => {
    const what = target instanceof Element ? target.outerHTML.slice(0, 100) : error ?? message;
    // The page's own pictures and videos tell of errors that it expects; and the other browsers' drivers tell of no sizes that are late.
    const isExpected = target !== window && !(target instanceof HTMLScriptElement) || message?.startsWith('ResizeObserver loop');
    if (!isExpected) heard.push(`uncaught: ${what}`);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => heard.push(`uncaught: ${reason}`));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => heard.push(`error: ${violatedDirective} forbids ${blockedURI}`));
}

/** Around what is evaluated, so that it answers as puppeteer does; beside the answer, what the page has said. */
const ASK = `const value = JSON.stringify(await deed());
  return [value, location.href, (window[Symbol.for('heard')] ?? []).splice(0)];`;

/** A function as the text of a script. @param {Function | string} deed @param {string} given the arguments' source */
const callOf = (deed, given) => (typeof deed === 'string' ? deed : `return (${deed})(${given});`);

/**
 * In the page: looks for an element, for a while; so what is there for a moment only is found, too.
 * @param {ParentNode} scope @param {string} wanted @param {boolean} isSeen whether it must be visible @param {number} ms @param {number} everyMs
 */
async function look(scope, wanted, isSeen, ms, everyMs) {
  const end = performance.now() + ms;
  for (;;) {
    const element = scope.querySelector(wanted);
    if (element && (!isSeen || element.checkVisibility({ visibilityProperty: true }))) return element;
    if (performance.now() > end) return null;
    await new Promise((resolve) => { setTimeout(resolve, everyMs); });
  }
}

/** Anything that can be looked into: a page or an element. */
class Scope {
  /** @param {WebkitPage | null} page */
  constructor(page) {
    this.owner = page;
  }

  /** @returns {WebkitPage} */
  get home() {
    return /** @type {WebkitPage} */ (this.owner);
  }

  /** The arguments that a script gets before those of the caller. @returns {unknown[]} */
  get before() {
    return [];
  }

  /** @param {any} deed @param {unknown[]} given @returns {Promise<any>} */
  async evaluate(deed, ...given) {
    return this.home.run(deed, [...this.before, ...given]);
  }

  /** @param {string} selector @returns {Promise<WebkitElement | null>} */
  async $(selector) {
    const found = (/** @type {ParentNode | string} */ scope, /** @type {string} */ wanted) => /** @type {ParentNode} */ (scope).querySelector(wanted);
    return this.home.reference(found, [this.#scope(), selector]);
  }

  /** @param {string} selector @returns {Promise<WebkitElement[]>} */
  async $$(selector) {
    const found = (/** @type {ParentNode} */ scope, /** @type {string} */ wanted) => [...scope.querySelectorAll(wanted)];
    return this.home.references(found, [this.#scope(), selector]);
  }

  /** @param {string} selector @param {any} deed @param {unknown[]} given @returns {Promise<any>} */
  async $eval(selector, deed, ...given) {
    return this.home.run(`
      const [scope, selector, ...given] = all;
      const found = scope.querySelector(selector);
      if (!found) throw new Error('failed to find element matching selector "' + selector + '"');
      ${callOf(deed, 'found, ...given')}`, [this.#scope(), selector, ...given]);
  }

  /** @param {string} selector @param {any} deed @param {unknown[]} given @returns {Promise<any>} */
  async $$eval(selector, deed, ...given) {
    return this.home.run(`
      const [scope, selector, ...given] = all;
      ${callOf(deed, '[...scope.querySelectorAll(selector)], ...given')}`, [this.#scope(), selector, ...given]);
  }

  /** @param {string} selector @param {{ timeout?: number, visible?: boolean }} [options] @returns {Promise<WebkitElement>} */
  async waitForSelector(selector, { timeout = TEST_PATIENCE_MS, visible = false } = {}) {
    const end = Date.now() + timeout;
    for (;;) {
      const element = await this.home.reference(look, [this.#scope(), selector, visible, LOOK_MS, POLL_MS]);
      if (element) return element;
      if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain: ${selector}`);
    }
  }

  /** @returns {unknown} */
  #scope() {
    return this.before[0] ?? DOCUMENT;
  }
}

/** Stands for the page's document among the arguments of a script. */
const DOCUMENT = { document: true };

/**
 * Asks again and again until the answer is neither null, undefined nor false.
 * @template T
 * @param {string} what for the message when it never comes
 * @param {number} ms how long to ask
 * @param {() => Promise<T | null | undefined | false>} ask
 * @returns {Promise<T>}
 */
export async function inTime(what, ms, ask) {
  const end = Date.now() + ms;
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(1.25 * pauseMs, SLOWEST_POLL_MS)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await pause(pauseMs);
  }
}

class WebkitPage extends Scope {
  #url = 'about:blank';
  /** Scripts to put before the page's own. @type {string[]} */
  #first = [`(${hear})();`];
  #size = '';

  /** @param {WebkitBrowser} browser @param {string} window */
  constructor(browser, window) {
    super(null);
    this.owner = this;
    this.browserOf = browser;
    this.window = window;
    /** What the page wrote to its console, and every uncaught error: as of the last time that it was asked something. @type {string[]} */
    this.said = [];
    const key = (/** @type {string} */ name, /** @type {string[]} */ ...types) => this.#act('key', types.map((type) => ({ type, value: KEYS[name] ?? name })));
    this.keyboard = {
      press: (/** @type {string} */ name) => key(name, 'keyDown', 'keyUp'),
      down: (/** @type {string} */ name) => key(name, 'keyDown'),
      up: (/** @type {string} */ name) => key(name, 'keyUp'),
    };
    this.mouse = {
      move: (/** @type {number} */ x, /** @type {number} */ y) => this.#act('pointer', [{ type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) }]),
      down: () => this.#act('pointer', [{ type: 'pointerDown', button: 0 }]),
      up: () => this.#act('pointer', [{ type: 'pointerUp', button: 0 }]),
    };
  }

  get session() {
    return this.browserOf.session;
  }

  browser() {
    return this.browserOf;
  }

  url() {
    return this.#url;
  }

  /** @param {string} url */
  async goto(url) {
    const isFirst = this.browserOf.putFirst(url, this.#first.join('\n'));
    await this.session.ask(this.window, 'POST', '/url', { url });
    if (!isFirst) for (const script of this.#first) await this.run(script, []);
    await this.run(() => null, []);
  }

  async reload() {
    await this.goto(this.#url);
  }

  /** Also for pages that are opened later. @param {any} deed @param {unknown[]} given */
  async evaluateOnNewDocument(deed, ...given) {
    this.#first.push(`(${deed})(${given.map((one) => JSON.stringify(one)).join()});`);
  }

  /** @param {any} deed @param {unknown[]} given @returns {Promise<any>} */
  async run(deed, given) {
    const [value, url, heard] = await this.#execute(`const deed = async () => { ${callOf(deed, '...all')} }; ${ASK}`, given);
    this.#url = url;
    this.said.push(...heard);
    return value === null || value === undefined ? undefined : JSON.parse(value);
  }

  /** @param {any} deed gives an element or null @param {unknown[]} given @returns {Promise<WebkitElement | null>} */
  async reference(deed, given) {
    const [one] = await this.references(deed, given);
    return one ?? null;
  }

  /** @param {any} deed gives elements @param {unknown[]} given @returns {Promise<WebkitElement[]>} */
  async references(deed, given) {
    const found = await this.#execute(`return [await (async () => { ${callOf(deed, '...all')} })()].flat().filter(Boolean);`, given);
    return found.map((/** @type {Reference} */ reference) => new WebkitElement(this, reference));
  }

  /** A script whose arguments are `all`. @param {string} script @param {unknown[]} given @returns {Promise<any>} */
  #execute(script, given) {
    const args = given.map((one) => (one instanceof WebkitElement ? one.reference : one === undefined ? null : one));
    const all = 'const all = [...arguments].map((one) => (one?.document === true ? document : one));';
    return this.session.ask(this.window, 'POST', '/execute/sync', { script: `${all} return (async () => { ${script} })();`, args });
  }

  /** @param {any} deed @param {unknown[]} given */
  async evaluateHandle(deed, ...given) {
    const found = await this.reference(deed, given);
    return { asElement: () => found };
  }

  /** @param {any} deed @param {{ timeout?: number }} [options] @param {unknown[]} given */
  async waitForFunction(deed, { timeout = TEST_PATIENCE_MS } = {}, ...given) {
    return inTime(String(deed), timeout, () => this.run(deed, given));
  }

  /** The size of what the page is shown in. @param {{ width: number, height: number }} size */
  async setViewport({ width, height }) {
    if (this.#size === `${width}x${height}`) return;
    const around = await this.run(() => [outerWidth - innerWidth, outerHeight - innerHeight], []);
    await this.session.ask(this.window, 'POST', '/window/rect', { width: width + around[0], height: height + around[1] });
    const isSo = (/** @type {number} */ x, /** @type {number} */ y) => innerWidth === x && innerHeight === y;
    await inTime(`a window of ${width} x ${height}`, RESIZE_MS, () => this.run(isSo, [width, height]));
    this.#size = `${width}x${height}`;
  }

  /** Every page has a window, which is always in front. */
  async bringToFront() {
    await this.run(() => { window.focus(); }, []);
  }

  /** @param {string} selector */
  async click(selector) {
    await (await this.waitForSelector(selector)).click();
  }

  /** @param {string} selector @param {string} text */
  async type(selector, text) {
    await (await this.waitForSelector(selector)).type(text);
  }

  /** @param {string} selector */
  async focus(selector) {
    await this.$eval(selector, (/** @type {HTMLElement} */ element) => element.focus());
  }

  /** @param {string} selector @param {string} value */
  async select(selector, value) {
    await this.$eval(selector, (/** @type {HTMLSelectElement} */ field, /** @type {string} */ wanted) => {
      field.value = wanted;
      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }, value);
  }

  /** @param {'key' | 'pointer'} type of device @param {object[]} actions */
  async #act(type, actions) {
    await this.session.ask(this.window, 'POST', '/actions', { actions: [{ type, id: type, actions }] });
  }

  /** @param {{ path?: string }} [options] */
  async screenshot({ path } = {}) {
    const picture = Buffer.from(await this.session.ask(this.window, 'GET', '/screenshot'), 'base64');
    if (path) await writeFile(path, picture);
    return picture;
  }

  async close() {
    await this.run(() => null, []).catch(() => {});
    await this.session.in(this.window, async () => {
      const [left] = await this.session.send('DELETE', '/window');
      await this.session.send('POST', '/window', { handle: left });
      this.session.window = left;
    });
  }
}

class WebkitElement extends Scope {
  /** @param {WebkitPage} page @param {Reference} reference */
  constructor(page, reference) {
    super(page);
    this.reference = reference;
  }

  get before() {
    return [this.reference];
  }

  asElement() {
    return this;
  }

  /** @param {string} deed @param {object} body */
  #ask(deed, body) {
    return this.home.session.ask(this.home.window, 'POST', `/element/${this.reference[ELEMENT]}/${deed}`, body);
  }

  /** @param {string[]} paths */
  async uploadFile(...paths) {
    await this.#ask('value', { text: paths.join('\n') });
  }

  async click() {
    await this.#ask('click', {});
  }

  async focus() {
    await this.evaluate((/** @type {HTMLElement} */ element) => element.focus());
  }

  /** @param {string} text */
  async type(text) {
    await this.#ask('value', { text });
  }

  /** @param {string} key */
  async press(key) {
    await this.#ask('value', { text: KEYS[key] ?? key });
  }
}
