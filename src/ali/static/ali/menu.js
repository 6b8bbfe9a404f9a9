// Phone navigation: a button shows and hides the list it controls. Without script the list is simply there.
for (const button of document.querySelectorAll('[data-ali-menu]')) {
  const list = document.getElementById(button.getAttribute('aria-controls'));
  const show = (open) => {
    button.setAttribute('aria-expanded', String(open));
    list.classList.toggle('is-closed', !open);
  };
  button.hidden = false;
  show(false);
  button.addEventListener('click', () => show(button.getAttribute('aria-expanded') !== 'true'));
  list.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    show(false);
    button.focus();
  });
}
