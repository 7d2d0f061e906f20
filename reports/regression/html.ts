import { marked } from 'marked';
import type { Comparison } from './comparison.ts';
import { comparisonMarkdown } from './markdown.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: color-mix(in srgb, currentColor 10%, transparent); }
td:has(code) { min-width: 14rem; }
code { overflow-wrap: anywhere; }
`;

/** The comparison as one page that needs nothing from elsewhere: it can be mailed. */
export function comparisonHtml(comparison: Comparison): string {
  const { old, new: now } = comparison;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${old.id} → ${now.id}: what changed</title>
<style>${style}</style>
</head>
<body>
<main>
${marked.parse(comparisonMarkdown(comparison), { async: false, gfm: true })}</main>
</body>
</html>
`;
}
