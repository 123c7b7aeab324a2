import type { Vocabulary } from '../script/script.ts';

/**
 * Moments: lines by the beginning of what they say ("sending d,STATUS,RESULT"; the answer to D,STATUS is "d,STATUS,#"), and
 * what happens at the reader. `delay` takes milliseconds and holds up what comes behind, as a line does; `noise` takes a
 * number of bytes; `garble` takes the place of the character that it turns.
 */
export const mdbReaderVocabulary: Vocabulary = {
  moments: ['powered on', 'received ', 'sending ', 'sent ', 'card asked for', 'card tapped', 'card approved', 'card declined', 'vend ended', 'vend given back', 'vend given up'],
  actions: ['drop', 'cut', 'garble', 'double', 'delay', 'noise', 'silent', 'speak', 'reboot', 'tap_card', 'decline', 'walk_away', 'unplug', 'plug'],
};
