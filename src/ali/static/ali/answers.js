// htmx answers that are not the fragment a page asked for: errors become a sentence, a whole page is opened as a page.
(() => {
  const messages = document.getElementById('messages');
  const say = (text) => {
    const box = document.createElement('div');
    box.className = 'alert alert-danger ali-alert';
    box.textContent = text;
    messages.replaceChildren(box);
    messages.scrollIntoView({ block: 'nearest' });
  };

  document.addEventListener('htmx:responseError', (event) => {
    const texts = messages.dataset;
    const status = event.detail.xhr.status;
    say({ 403: texts.refused, 404: texts.missing, 503: texts.pause }[status] ?? texts.failed);
  });
  document.addEventListener('htmx:sendError', () => say(messages.dataset.offline));
  document.addEventListener('htmx:timeout', () => say(messages.dataset.offline));

  // A session that ended answers with the sign-in page: go there instead of drawing it inside a list.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr, target, requestConfig } = event.detail;
    if (!event.detail.shouldSwap || target === document.body || requestConfig.elt.hasAttribute('hx-select')) return;
    if (!/^\s*<!doctype/i.test(xhr.responseText)) return;
    event.detail.shouldSwap = false;
    window.location.assign(xhr.responseURL);
  });
})();
