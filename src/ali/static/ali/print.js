// A button that prints the page (hidden until the script is there); what is folded is printed too.
for (const button of document.querySelectorAll('[data-ali-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
window.addEventListener('beforeprint', () => {
  for (const fold of document.querySelectorAll('.ali-fold:not([open])')) {
    fold.open = true;
    fold.dataset.aliFoldAgain = 'yes';
  }
});
window.addEventListener('afterprint', () => {
  for (const fold of document.querySelectorAll('[data-ali-fold-again]')) {
    fold.open = false;
    delete fold.dataset.aliFoldAgain;
  }
});
