/** The time of day, as a clock tells it that nobody sets after this process has begun. */
export const now = (): Date => new Date(performance.timeOrigin + performance.now());
