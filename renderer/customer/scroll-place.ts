/** `none`: all of it has been in sight so far; `still`: all of it is in sight now; `more`: it goes on below; `end`: its last part is in sight. */
export type Where = 'none' | 'still' | 'more' | 'end';

export interface Scrolled {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

/** Fractions of a pixel, and the air below the last line. */
const nearPx = 8;

/** Where a list stands; one that has gone on below once is never `none` again. */
export function whereIn({ scrollTop, scrollHeight, clientHeight }: Scrolled, before: Where): Where {
  if (scrollHeight - clientHeight <= nearPx) return before === 'none' ? 'none' : 'still';
  return scrollHeight - clientHeight - scrollTop > nearPx ? 'more' : 'end';
}

/** Where one press leads: on by most of what is in sight, so that its last line is seen again above; from the end to the beginning. */
export function turnOf(list: Scrolled): number {
  return whereIn(list, 'none') === 'end' ? 0 : list.scrollTop + list.clientHeight * 0.8;
}
