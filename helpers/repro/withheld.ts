/** What stands for the value of a header that lets somebody in: who runs the script has to set it. */
export const fromEnvironment = (prefix: string, header: string): string =>
  `\${${prefix}_${header.toUpperCase().replaceAll('-', '_')}:?the report keeps no credentials, set it to what the case has}`;
