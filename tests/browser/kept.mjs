// @ts-check
// Keeps the videos that tests make, and what the command gives of them, by what they were made of. Files of tests that run at once work in folders of their own and get
// copies, so that none sees what another does to its videos. `cargo xtask test` begins with nothing kept.

import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const KEPT = join(dirname(fileURLToPath(import.meta.url)), '../../target/kept');

/** Where a file is kept. @param {string} name its ending is part of the recipe: ffmpeg goes by it @param {unknown} recipe all that its bytes depend on */
export const placeOf = (name, recipe) => join(KEPT, `${digestOf(JSON.stringify(recipe))}-${name}`);

/**
 * Puts a file in its place: what the same recipe gave before, or else what it gives now.
 * @param {string} path
 * @param {unknown} recipe all that its bytes depend on, besides the ending of its name
 * @param {(unfinished: string) => Promise<unknown>} make writes the file that it is given the path of
 */
export async function place(path, recipe, make) {
  const name = basename(path);
  const kept = placeOf(name, recipe);
  if (!existsSync(kept)) {
    await mkdir(KEPT, { recursive: true });
    // Another test may make the same at this moment: the last one's bytes stay, and are the same.
    const unfinished = join(KEPT, `${randomUUID()}-${name}`);
    await make(unfinished);
    await rename(unfinished, kept);
  }
  await copyFile(kept, path);
}

/** A file's content, for a recipe. @param {string} path */
export const contentOf = async (path) => digestOf(await readFile(path));

/** @param {string | Buffer} content */
const digestOf = (content) => createHash('sha256').update(content).digest('hex').slice(0, 32);
