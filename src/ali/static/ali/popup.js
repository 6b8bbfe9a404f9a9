// A <details data-ali-popup> (account menu) closes with Escape or a click elsewhere.
const openPopups = () => document.querySelectorAll('details[data-ali-popup][open]');
document.addEventListener('click', (event) => {
  for (const popup of openPopups()) if (!popup.contains(event.target)) popup.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const popup of openPopups()) {
    popup.open = false;
    popup.querySelector('summary').focus();
  }
});
