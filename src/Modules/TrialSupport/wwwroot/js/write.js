// The writing page: another document of the case in the viewer, a search through its pages that leads to them, words that are marked there quoted
// into the text with their source, a finding that leads to its words. The form asks before it is left with words that are not saved.
(() => {
  const text = document.querySelector('textarea[name=Text]'), pick = document.querySelector('[data-open-document]');
  if (!text) return;
  const viewer = () => document.querySelector('[data-viewer]');
  let page = 1;
  document.addEventListener('co:viewer-page', e => { page = e.detail.page; });

  function open(id, at) {
    const option = pick.querySelector(`option[value="${CSS.escape(id)}"]`);
    if (!option) return false;
    pick.value = id;
    page = at || 1;
    history.replaceState(null, '', location.pathname + location.search + (at ? '#page=' + at : '#'));
    viewer().dispatchEvent(new CustomEvent('co:viewer-open', { bubbles: true, detail: { src: `/documents/${id}/content`, name: option.textContent } }));
    return true;
  }
  if (pick) pick.addEventListener('change', () => open(pick.value));

  const find = document.querySelector('[data-find]'), found = document.querySelector('[data-found]');
  if (find) {
    find.addEventListener('submit', async e => {
      e.preventDefault();
      const answer = await fetch('/cataloguing/search?' + new URLSearchParams(new FormData(find)), { credentials: 'same-origin' });
      const there = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html');
      const list = document.createElement('ul');
      for (const row of there ? there.querySelectorAll('main tr') : []) {
        const link = row.querySelector('a[href*="document="]');
        if (!link) continue;
        const item = document.createElement('li'), go = document.createElement('a'), cells = row.querySelectorAll('td');
        go.href = link.getAttribute('href');
        go.textContent = link.textContent + ' ' + (/#page=(\d+)/.exec(go.href) || ['', ''])[1];
        item.append(go, ' ', cells[cells.length - 1].textContent);
        list.append(item);
      }
      found.replaceChildren(list.children.length ? list : document.createTextNode(found.dataset.none));
    });
    found.addEventListener('click', e => {
      const to = e.target.closest('a') && /document=(\d+)(?:.*#page=(\d+))?/.exec(e.target.closest('a').href);
      if (to && open(to[1], Number(to[2] || 1))) e.preventDefault();
    });
  }

  // where the writing was left: marking words at the left takes the caret away
  let caret = text.value.length;
  for (const when of ['keyup', 'mouseup', 'input', 'blur']) text.addEventListener(when, () => { caret = text.selectionStart; });
  function insert(words) {
    text.setRangeText(words, caret, caret, 'end');
    caret += words.length;
    text.dispatchEvent(new Event('input', { bubbles: true }));
    text.focus();
  }
  const quote = document.querySelector('[data-quote]');
  if (quote) {
    quote.addEventListener('mousedown', e => e.preventDefault()); // the words stay marked
    quote.addEventListener('click', () => {
      const marked = window.getSelection(), words = marked.toString().replace(/\s+/g, ' ').trim();
      if (!words || !marked.anchorNode || !viewer().contains(marked.anchorNode)) return;
      const of = marked.anchorNode.parentElement.closest('[data-page]');
      insert(quote.dataset.pattern.replace('{0}', words).replace('{1}', pick.selectedOptions[0].textContent.trim()).replace('{2}', of ? of.dataset.page : page));
    });
  }
  document.addEventListener('click', e => {
    const to = e.target.closest('[data-goto]');
    const at = to ? text.value.indexOf(to.dataset.goto) : -1;
    if (at < 0) return;
    text.focus();
    text.setSelectionRange(at, at + to.dataset.goto.length);
    text.scrollTop = Math.max(0, text.scrollHeight * at / Math.max(1, text.value.length) - 120);
  });
})();
