// @ts-check
/**
 * The page, put together: files come in by drop.js, hashing.js works on them, state.js holds them, list.js shows them.
 * The second mode, in compare/, takes the same files and compares them.
 */
import './shared/no-webrtc.js';
import { announce } from './job/announce.js';
import { core } from './shared/core.js';
import { giveFiles, noticeJob } from './compare/comparing.js';
import { createComparePage, placeOf } from './compare/page.js';
import { createDrop } from './hash/drop.js';
import { byId } from './shared/element.js';
import { createLanguageChoice } from './shared/language-choice.js';
import { addFiles } from './job/hashing.js';
import { takeQuestion } from './ask/question.js';
import { keepAwake } from './job/keep-awake.js';
import { createList } from './hash/list.js';
import { createModes, showMode, shownMode } from './shared/modes.js';
import { showPageState } from './hash/page-state.js';
import { onChange } from './job/state.js';

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
