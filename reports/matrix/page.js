// Hides the cases that are not asked for. Without it the page shows all of them.
const form = document.querySelector('form');
const rows = [...document.querySelectorAll('tr.case')];
const groups = [...document.querySelectorAll('tbody')];
const status = document.querySelector('output');
const nothing = document.querySelector('#nothing');

function show() {
  const asked = Object.fromEntries(new FormData(form));
  const words = asked.words.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const { text, area, dialect, standings } = row.dataset;
    row.hidden = !(
      words.every((word) => text.includes(word)) &&
      (asked.verdict === '' || standings.split(' ').includes(asked.verdict)) &&
      (asked.area === '' || asked.area === area) &&
      (asked.dialect === '' || asked.dialect === dialect)
    );
    if (!row.hidden) shown += 1;
  }
  for (const group of groups) group.hidden = !group.querySelector('tr.case:not([hidden])');
  nothing.hidden = shown > 0;
  status.value = shown === rows.length ? `${shown} cases` : `${shown} of ${rows.length} cases`;
  // the address says what is shown: it can be passed on
  const chosen = Object.entries(asked).filter(([, value]) => value !== '');
  history.replaceState(null, '', `#${new URLSearchParams(chosen)}`);
}

for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  if (form.elements[name]) form.elements[name].value = value;
}
form.addEventListener('input', show);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(show));
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, select, textarea');
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  form.elements.words.focus();
});
if (location.hash.length > 1) show();
