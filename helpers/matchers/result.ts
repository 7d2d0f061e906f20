/** What a matcher of vitest's expect gives. */
export interface Result {
  pass: boolean;
  message: () => string;
}
