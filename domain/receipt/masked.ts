import { shredded } from '../personal/sealed.ts';

/** "139****5678": a receipt is often left behind. */
export function maskPhone(phone: string): string {
  return phone === shredded ? phone : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

/** "王**": enough for the one whose name it is. As many stars for every name. */
export function maskName(name: string): string {
  const [first = ''] = [...name.trim()];
  return name === shredded ? name : `${first}**`;
}
