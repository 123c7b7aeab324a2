/**
 * By then after it was ordered, a service that was paid for is credited, or its money is on the way back: what the receipt says, and what HQ's list of open
 * services goes by.
 */
export const promisedWithinMs = 24 * 3_600_000;
