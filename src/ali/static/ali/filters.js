// <c-filters>: folded on a phone, open on a desktop; empty fields stay out of the address.
const isWide = window.matchMedia('(min-width: 768px)').matches;
for (const fold of document.querySelectorAll('[data-ali-wide-open]')) if (isWide) fold.open = true;
document.addEventListener('htmx:configRequest', (event) => {
  if (!event.target.matches('[data-ali-filters]')) return;
  for (const [name, value] of [...event.detail.parameters.entries()]) {
    if (value === '') event.detail.parameters.delete(name);
  }
});
