/** One line of a table in GitHub's Markdown. */
export const tableLine = (cells: string[]): string =>
  `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`;
