// @ts-check
/**
 * The page as a whole: files come in by hash/drop.js, job/hashing.js works on them, job/state.js holds them, hash/list.js shows them.
 * The second mode, in compare/, takes the same files and compares them.
 *
 * The tour, from what all use to what the user sees; a folder uses only what stands above it (`cargo xtask test` checks that):
 *
 * 1. shared/: words, elements, numbers as people write them, downloads.
 * 2. job/: a file's way through the workers: its state, progress, failure, and what is saved of it.
 * 3. ask/: a question to somebody else, as a code.
 * 4. compare/: the second mode: two places, the verdict, the players, the report.
 * 5. hash/: the first mode: the list of cards, each with its frames, timeline, facts and table.
 */
import './shared/no-webrtc.js';
import { announce } from './job/announce.js';
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
import { programs } from './shared/programs.js';
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

programs().then(({ core }) => { byId('without-core').hidden = core !== null; });
byId('to-code').addEventListener('click', () => {
  showMode('compare');
  compare.enterCode();
});
askedByLink();
window.addEventListener('hashchange', askedByLink);

/** Takes a question from the page's address: when the page opens, and when the address changes. */
function askedByLink() {
  const question = takeQuestion();
  if (!question) return;
  giveFiles('a', [question]);
  showMode('compare');
}
