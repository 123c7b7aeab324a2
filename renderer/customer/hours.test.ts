import { describe, expect, it } from 'vitest';
import { shopWords } from '../i18n/areas/shop.ts';
import { hoursText } from './hours.ts';

const { zh, en } = shopWords;

describe('opening hours on a door', () => {
  it.each([
    [[{ from: '06:00', to: '10:30' }], '06:00–10:30', '06:00–10:30'],
    [[{ days: [1, 2, 3, 4, 5, 6, 7], from: '06:00', to: '10:30' }], '06:00–10:30', '06:00–10:30'],
    [[{ from: '11:00', to: '14:00' }, { from: '17:00', to: '21:00' }], '11:00–14:00、17:00–21:00', '11:00–14:00, 17:00–21:00'],
    [[{ days: [1, 2, 3, 4, 5], from: '22:00', to: '02:00' }], '周一至周五 22:00–02:00', 'Mon to Fri 22:00–02:00'],
    [[{ days: [7, 6], from: '10:00', to: '24:00' }], '周六、周日 10:00–24:00', 'Sat, Sun 10:00–24:00'],
    [[{ days: [1, 3, 5], from: '10:00', to: '12:00' }, { days: [2], from: '13:00', to: '14:00' }], '周一、周三、周五 10:00–12:00，周二 13:00–14:00', 'Mon, Wed, Fri 10:00–12:00, Tue 13:00–14:00'],
  ])('say days and times once', (windows, chinese, english) => {
    expect([hoursText(windows, zh), hoursText(windows, en)]).toEqual([chinese, english]);
  });
});
