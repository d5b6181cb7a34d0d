// @ts-check
/**
 * The page, put together: files come in by drop.js, hashing.js works on them, state.js holds them, list.js shows them.
 * The second mode, in compare/, takes the same files and compares them.
 */
import './no-webrtc.js';
import { announce } from './announce.js';
import { core } from './core.js';
import { giveFiles, noticeJob } from './compare/comparing.js';
import { createComparePage, placeOf } from './compare/page.js';
import { createDrop } from './drop.js';
import { byId } from './element.js';
import { createLanguageChoice } from './language-choice.js';
import { addFiles } from './hashing.js';
import { takeQuestion } from './question.js';
import { keepAwake } from './keep-awake.js';
import { createList } from './list.js';
import { createModes, showMode, shownMode } from './modes.js';
import { showPageState } from './page-state.js';
import { onChange } from './state.js';

const list = createList();
const compare = createComparePage();

createLanguageChoice(() => {
  list.rebuild();
  compare.rebuild();
  showPageState();
});
createModes(compare.pause);
createDrop((files, target) => {
  if (shownMode() === 'compare') giveFiles(placeOf(target), files);
  else addFiles(files);
});

onChange(list.update);
onChange(announce);
onChange(showPageState);
onChange(keepAwake);
onChange(noticeJob);

core().then((program) => { byId('without-core').hidden = program !== null; });
byId('to-code').addEventListener('click', () => {
  showMode('compare');
  compare.enterCode();
});
askedByLink();
window.addEventListener('hashchange', askedByLink);

/** The page was opened, or came to be, at a link that holds a question. */
function askedByLink() {
  const question = takeQuestion();
  if (!question) return;
  giveFiles('a', [question]);
  showMode('compare');
}
