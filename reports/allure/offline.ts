import { FileSystemReportFiles } from '@allurereport/core';

/** A page may load what is beside it or in it, and nothing else, whatever is written in it. */
const policy = "default-src 'self' data: blob: 'unsafe-inline'";

const analytics =
  /<script[^>]*googletagmanager[^>]*>\s*<\/script>\s*<script>(?:(?!<\/script>)[\s\S])*gtag\((?:(?!<\/script>)[\s\S])*<\/script>/;

/**
 * Writes the files of a report, its page without the tag that tells Google who reads it. Allure has no option for that
 * (https://github.com/allure-framework/allure3/issues/476).
 */
export class OfflineFiles extends FileSystemReportFiles {
  /** Why a page was not written: Allure goes on without it. */
  refused: unknown;

  constructor(folder: string) {
    super(folder);
    const { addFile } = this;
    this.addFile = async (path, data) => addFile(path, path.endsWith('.html') ? this.#offline(data) : data);
  }

  #offline(data: Buffer): Buffer {
    try {
      return Buffer.from(offlinePage(data.toString()));
    } catch (error) {
      this.refused ??= error;
      throw error;
    }
  }
}

/**
 * The page without its analytics, and with a policy that keeps the browser from loading anything from elsewhere.
 * @throws Error when something is left that would be loaded: Allure writes its page otherwise than it did
 */
export function offlinePage(html: string): string {
  const page = html
    .replace(analytics, '')
    .replace(
      /<head>/,
      `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">\n    <meta name="referrer" content="no-referrer">`,
    );
  const [left] =
    /googletagmanager|google-analytics|gtag\(|<(?:script|link|img|iframe)[^>]*(?:src|href)=["']?(?:https?:)?\/\/[^>]*/.exec(
      page,
    ) ?? [];
  if (left !== undefined) throw new Error(`Allure's page would load something from elsewhere: ${left}`);
  if (!page.includes(policy)) throw new Error("Allure's page has no head to put a policy into");
  return page;
}
