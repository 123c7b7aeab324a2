import type { Vocabulary } from '../script/script.ts';

/** Faults of one message on the line. Over TCP, which is whole and in order, only `drop`, `cut` and `delay` exist; the others do nothing. */
export const lineFaults = ['drop', 'cut', 'garble', 'double', 'delay', 'lose_ack', 'nak'] as const;

/**
 * What can go wrong with one message, of the terminal (`drop`: it never gets out; `cut`: half of it does; `garble`: one bit is
 * turned; `double`: it comes twice; `delay`: it comes `value` ms late) or of the kiosk (`drop`: it never arrives; `lose_ack`: it
 * arrives and its ACK never gets out; `nak`, `garble`: it arrives broken; `delay`: it is worked with `value` ms late).
 */
export type LineFault = (typeof lineFaults)[number];

export const isLineFault = (action: string): action is LineFault => (lineFaults as readonly string[]).includes(action);

/** Moments name messages by their control field: "sending 04 0f". Bytes are counted from 1 since the script was loaded. */
export const terminalVocabulary: Vocabulary = {
  moments: [
    'powered on',
    'registered',
    /** A command or answer of the kiosk is there, and nothing was done with it yet, not even ACK. */
    'received ',
    /** About to be put on the line, also as a repeat. */
    'sending ',
    'sent ',
    /** By the kiosk's ACK. */
    'acknowledged ',
    /** The kiosk's 80 00 or 84 xx to it has come. */
    'answered ',
    'card asked for',
    'card tapped',
    /** By the bank; the kiosk has not been told. */
    'authorised',
    /** Final: acknowledged by the kiosk, and printed where it prints. */
    'approved',
    'declined',
    'reversed',
    'byte in ',
    'byte out ',
  ],
  actions: [
    ...lineFaults,
    'silent',
    'speak',
    'reboot',
    'tap_card',
    /** With result code `value`; 05 unless told otherwise. */
    'decline',
    /** The red key. */
    'cancel',
    /** The terminal takes its last approval back by itself. */
    'reverse',
    /** At the next approval, `value` 0: before it was told, 1: before it hears our answer, 2 (unless told otherwise): after it. */
    'approve_and_fall_silent',
    /** Somebody else's sale at the same terminal, of `value` minor units. */
    'foreign_sale',
    'end_of_day',
    'unplug',
    'plug',
  ],
};
