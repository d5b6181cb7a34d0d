// @ts-check
/**
 * Takes files in: dropped anywhere on the page, chosen, or pasted. Out: File objects, folders opened.
 */
import { fileOfCode, holdsCode } from '../shared/code.js';
import { byId } from '../shared/element.js';

/** @typedef {(files: File[], target: EventTarget|null) => void} OnFiles `target`: what the files were dropped on, or pasted into */

/** @param {OnFiles} onFiles */
export function createDrop(onFiles) {
  const input = /** @type {HTMLInputElement} */ (byId('files'));
  input.addEventListener('change', () => {
    onFiles([...(input.files ?? [])], null);
    // Without this, choosing the same file again would be no change.
    input.value = '';
  });
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    // A text field keeps what is pasted into it.
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
  // Each element passed over causes an enter and a leave; only their balance shows when the page is left.
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
    // Read now: it is gone after the event.
    const { target } = event;
    onFiles(await droppedFiles(event.dataTransfer), target);
  });
}

/** @param {DataTransfer} transfer @returns {Promise<File[]>} */
async function droppedFiles(transfer) {
  // Read before the first await: the transfer is emptied after the event.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = await Promise.all(entries.map(filesOrFolder));
  return found.flat();
}

/** A folder without files becomes an empty file of its name, so that it does not vanish silently. @param {FileSystemEntry} entry */
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
    // A reader gives a folder in pieces; an empty piece is the end.
    const piece = await /** @type {Promise<FileSystemEntry[]>} */ (
      new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    );
    if (!piece.length) return files;
    files.push(...(await Promise.all(piece.map(filesOf))).flat());
  }
}
