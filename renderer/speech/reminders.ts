/** So much before a visit ends by itself, it is said how much is left: the countdown is not heard every second. */
const remindAtMs = [10_000, 5_000];
/** Nearer to the question itself it would break that off. */
const afterQuestionMs = 2_000;

/** `endsAt`: epoch milliseconds at which the visit ends unless its customer answers. */
export function createReminders(onLeft: (seconds: number) => void): { follow(endsAt: number | undefined): void } {
  let timers: ReturnType<typeof setTimeout>[] = [];
  let followed: number | undefined;

  return {
    follow(endsAt) {
      if (endsAt === followed) return;
      followed = endsAt;
      for (const timer of timers) clearTimeout(timer);
      timers = [];
      for (const leftMs of endsAt === undefined ? [] : remindAtMs) {
        const inMs = (endsAt ?? 0) - leftMs - Date.now();
        if (inMs >= afterQuestionMs) timers.push(setTimeout(() => onLeft(leftMs / 1000), inMs));
      }
    },
  };
}
