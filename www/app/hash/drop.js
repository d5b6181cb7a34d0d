// @ts-check
/**
 * The ways a file gets in: dropped anywhere on the page, chosen, or pasted. Out: File objects, folders unfolded.
 */
import { fileOfCode, holdsCode } from '../shared/code.js';
import { byId } from '../shared/element.js';

/** @typedef {(files: File[], target: EventTarget|null) => void} OnFiles `target`: what the files were dropped on, or pasted into */

/** @param {OnFiles} onFiles */
export function createDrop(onFiles) {
  const input = /** @type {HTMLInputElement} */ (byId('files'));
  input.addEventListener('change', () => {
    onFiles([...(input.files ?? [])], null);
    // So that choosing the same file again is a change again.
    input.value = '';
  });
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    // A field takes what is pasted into it.
    const isForField = event.target instanceof HTMLTextAreaElement;
    if (files.length) onFiles(files, null);
    else if (holdsCode(text) && !isForField) onFiles([fileOfCode(text)], event.target);
  });
  acceptDrops(onFiles);
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** @param {OnFiles} onFiles */
function acceptDrops(onFiles) {
  // Every element passed over gives an enter and a leave; only a balance tells when the page itself is left.
  let depth = 0;
  /** @param {number} to */
  const setDepth = (to) => {
    depth = Math.max(0, to);
    document.body.toggleAttribute('data-dragging', depth > 0);
  };
  window.addEventListener('dragenter', (event) => carriesFiles(event) && setDepth(depth + 1));
  window.addEventListener('dragleave', (event) => carriesFiles(event) && setDepth(depth - 1));
  window.addEventListener('dragover', (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  window.addEventListener('drop', async (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    setDepth(0);
    // Taken now: after the event it is gone.
    const { target } = event;
    onFiles(await droppedFiles(event.dataTransfer), target);
  });
}

/** @param {DataTransfer} transfer @returns {Promise<File[]>} */
async function droppedFiles(transfer) {
  // The entries must be taken before the first await: the transfer is emptied after the event.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = await Promise.all(entries.map(filesOrFolder));
  return found.flat();
}

/** A folder without files is given as an empty file of its name: it must not vanish without a word. @param {FileSystemEntry} entry */
async function filesOrFolder(entry) {
  const files = await filesOf(entry);
  return files.length || !entry.isDirectory ? files : [new File([], entry.name, { type: 'inode/directory' })];
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function filesOf(entry) {
  if (entry.name.startsWith('.')) return [];
  if (entry.isFile) {
    const read = /** @type {FileSystemFileEntry} */ (entry);
    return [await new Promise((resolve, reject) => read.file(resolve, reject))];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const files = [];
  for (;;) {
    // A reader gives a folder in pieces and says that it is done by an empty one.
    const piece = await /** @type {Promise<FileSystemEntry[]>} */ (
      new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    );
    if (!piece.length) return files;
    files.push(...(await Promise.all(piece.map(filesOf))).flat());
  }
}
