/**
 * What a build says of itself: how much is done and, from a few packages on, about how long the rest takes.
 * Go compiles packages at a nearly even pace, so what is left is taken in proportion.
 */
export function progressText(done: number, of: number, elapsedMs: number): string {
  const share = `${done} of ${of} packages`;
  if (done < 100) return share;
  const left = (elapsedMs / done) * (of - done);
  return left < 60_000
    ? `${share}, less than a minute left`
    : `${share}, about ${Math.round(left / 60_000)} min left`;
}
