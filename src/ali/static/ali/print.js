// A button that prints the page; hidden until the script is there.
for (const button of document.querySelectorAll('[data-ali-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
