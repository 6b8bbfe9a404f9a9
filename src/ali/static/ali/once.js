// A form marked data-ali-once is sent once: a second click while the first is travelling does nothing.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-ali-once]')) return;
  if (form.dataset.aliSent) {
    event.preventDefault();
    return;
  }
  form.dataset.aliSent = 'yes';
  form.setAttribute('aria-busy', 'true');
});
// Back button or a refused answer: the form may be sent again.
const release = (root) => {
  for (const form of root.querySelectorAll('[data-ali-sent]')) {
    delete form.dataset.aliSent;
    form.removeAttribute('aria-busy');
  }
};
window.addEventListener('pageshow', () => release(document));
document.addEventListener('htmx:afterRequest', () => release(document));
