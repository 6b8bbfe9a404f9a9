// <c-confirm>: opening puts the cursor in the reason; "Annulla" folds it again and gives the focus back.
document.addEventListener(
  'toggle',
  (event) => {
    if (event.target.matches('[data-ali-confirm]') && event.target.open) {
      event.target.querySelector('[data-ali-close]').hidden = false;
      event.target.querySelector('textarea, input:not([type=hidden]), select')?.focus();
    }
  },
  true,
);
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-ali-close]');
  if (!button) return;
  const fold = button.closest('details');
  fold.open = false;
  fold.querySelector('summary').focus();
});
