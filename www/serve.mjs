// @ts-check
// Serves a folder to this machine only, until stopped: node www/serve.mjs FOLDER PORT

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = /** @type {{ [ending: string]: string }} */ ({
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.txt': 'text/plain; charset=utf-8',
});

const [folder, port] = process.argv.slice(2);

const server = createServer(async ({ method, url = '/' }, response) => {
  // Normalised, a name cannot lead out of the folder.
  const name = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
  const path = join(folder, name === '/' ? 'index.html' : name);
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || (method !== 'GET' && method !== 'HEAD')) {
    if (name === '/cotejo-ffmpeg.js') {
      console.log('The page asks for cotejo-ffmpeg.js, which is not built: stop this, and start `cargo xtask serve --ffmpeg`.');
    }
    response.writeHead(404, { 'content-type': TYPES['.txt'] }).end('not found\n');
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'content-length': found.size, 'cache-control': 'no-store' });
  if (method === 'HEAD') response.end();
  else createReadStream(path).on('error', () => response.destroy()).pipe(response);
});

server.on('error', (error) => {
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  console.error(isTaken ? `Port ${port} is taken; choose another: cargo xtask serve --port ${Number(port) + 1}` : String(error));
  process.exitCode = 1;
});
server.listen(Number(port), '127.0.0.1', () => console.log(`Cotejo is at http://127.0.0.1:${port}/ - stop with Ctrl-C`));
