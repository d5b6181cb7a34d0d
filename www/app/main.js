// @ts-check
/** The page, put together: files come in by drop.js, hashing.js works on them, state.js holds them, list.js shows them. */
import { announce } from './announce.js';
import { createDrop } from './drop.js';
import { createLanguageChoice } from './language-choice.js';
import { addFiles } from './hashing.js';
import { keepAwake } from './keep-awake.js';
import { createList } from './list.js';
import { showPageState } from './page-state.js';
import { onChange } from './state.js';

const list = createList();

createLanguageChoice(() => {
  list.rebuild();
  showPageState();
});
createDrop(addFiles);

onChange(list.update);
onChange(announce);
onChange(showPageState);
onChange(keepAwake);
