// What appears with data-ali-focus (an error summary) takes the focus, also after a fragment is swapped in.
const focusFirst = (root) => root.querySelector('[data-ali-focus]')?.focus();
focusFirst(document);
document.addEventListener('htmx:afterSwap', (event) => focusFirst(event.detail.elt.parentElement ?? document));
