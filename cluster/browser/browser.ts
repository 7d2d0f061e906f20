/** A Chromium on this machine. Plain data: it travels from the command into vitest's workers. */
export interface Browser {
  executable: string;
  /** What it needs of the environment, beside the machine's own. */
  env: Record<string, string>;
  /** How it is made to trust a certificate authority. */
  trust: Trust;
  /** Folder for the profiles that it is started with; it goes when this process ends. */
  profiles: string;
  /** One line for people: which, and where it came from. */
  line: string;
}

/** The program that writes NSS databases, or why there is none. */
export type Trust = { certutil: string; env: Record<string, string> } | { none: string };

/** Why there is no browser, and what would bring one. */
export interface NoBrowser {
  none: string;
}
