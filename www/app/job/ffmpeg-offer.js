// @ts-check
/** Offers to load ffmpeg: why, how large it is, its licence; a button on a site, and a file field everywhere. */
import { element } from '../shared/element.js';
import { FILE_BYTES, FILE_NAME, isOnSite, loadFromFile, loadFromSite } from './ffmpeg-file.js';
import * as format from '../shared/format.js';
import { t } from '../shared/words.js';

/** @param {string} why @param {() => void} onLoaded called when it can be used */
export function createFfmpegOffer(why, onLoaded) {
  const values = { size: format.size(FILE_BYTES), name: FILE_NAME };
  const outcome = element('p', { class: 'note', role: 'status', 'data-testid': 'ffmpeg-outcome' });

  /** @param {() => Promise<void>} load */
  async function from(load) {
    buttons.inert = true;
    outcome.textContent = t('ffmpeg.loading');
    const isLoaded = await load().then(() => true, () => false);
    buttons.inert = false;
    outcome.textContent = isLoaded ? '' : t('ffmpeg.refused', values);
    if (isLoaded) onLoaded();
  }

  const buttons = element(
    'div',
    { class: 'buttons' },
    ...(isOnSite ? [createButton(values, () => from(loadFromSite))] : []),
    createField(values, (file) => from(() => loadFromFile(file))),
  );
  return element(
    'div',
    { class: 'ffmpeg-offer', 'data-testid': 'ffmpeg-offer' },
    element('p', {}, why, ' ', t(isOnSite ? 'ffmpeg.what.site' : 'ffmpeg.what.disk', values)),
    buttons,
    outcome,
  );
}

/** @param {Record<string, string>} values @param {() => void} onclick */
function createButton(values, onclick) {
  return element('button', { class: 'button', type: 'button', 'data-testid': 'load-ffmpeg', onclick }, t('ffmpeg.load', values));
}

/** @param {Record<string, string>} values @param {(file: File) => void} onFile */
function createField(values, onFile) {
  const input = element('input', { type: 'file', class: 'unseen', 'data-testid': 'ffmpeg-file', onchange: choose });
  function choose() {
    const file = input.files?.[0];
    // Without this, choosing a file of the same name again would be no change.
    input.value = '';
    if (file) onFile(file);
  }
  return element('label', { class: isOnSite ? 'button quiet file-button' : 'button file-button' }, t('ffmpeg.choose', values), input);
}
