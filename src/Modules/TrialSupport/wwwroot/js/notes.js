// The live note page: keys choose who speaks, what is said by phrase, and write the line down. The second of a line is the one in which it was
// begun, by the court's clock. Nothing waits for the server: lines go out one after another, one that did not arrive is sent again.
(() => {
  const form = document.querySelector('form[data-notes]');
  if (!form) return;
  const words = form.querySelector('[name=Words]'), at = form.querySelector('[name=At]'), state = form.querySelector('[data-note-state]');
  const ahead = Number(form.dataset.now) - Date.now() + Number(form.dataset.zone) * 60000;
  const now = () => new Date(Date.now() + ahead).toISOString().slice(0, 19);
  const waiting = [];
  let begun = '', sending = false;
  words.focus();
  words.addEventListener('input', () => { if (!words.value) begun = ''; else if (!begun) begun = now(); });

  function queue(phrase) {
    if (!phrase && !words.value.trim()) { words.focus(); return; }
    at.value = phrase ? now() : begun || now();
    const data = new FormData(form);
    data.delete('Phrase');
    if (phrase) { data.set('Phrase', phrase); data.set('Words', ''); } else { words.value = ''; begun = ''; }
    form.coDirty = false;
    waiting.push(data);
    words.focus();
    send();
  }

  async function send() {
    if (sending || !waiting.length) return;
    sending = true;
    const data = waiting[0];
    let again = 0;
    try {
      const answer = await fetch(form.getAttribute('action'), { method: 'POST', body: data, credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (answer.ok) {
        const marks = page.querySelector('#marks'), here = document.querySelector('#marks');
        if (marks && here) here.replaceWith(document.importNode(marks, true));
        state.textContent = '';
      } else {
        const why = page.querySelector('[role=alert]');
        state.textContent = why ? why.textContent.trim() : String(answer.status);
        if (data.get('Words')) words.value = data.get('Words') + (words.value ? '\n' + words.value : '');
      }
      waiting.shift();
    } catch {
      again = 2000;
      state.textContent = '… ' + waiting.length;
    }
    sending = false;
    if (waiting.length) setTimeout(send, again);
  }

  // what has not arrived yet is not left behind without a question
  window.addEventListener('beforeunload', e => { if (waiting.length) { e.preventDefault(); e.returnValue = ''; } });

  form.addEventListener('submit', e => {
    e.preventDefault();
    queue(e.submitter && e.submitter.name === 'Phrase' ? e.submitter.value : '');
  });
  // another speaker begins: what stands there was said by the one before
  form.addEventListener('pointerdown', e => { if (e.target.closest('label') && e.target.closest('label').querySelector('[name=Speaker]')) queue(''); });
  document.addEventListener('keydown', e => {
    if (e.isComposing) return;
    const hot = form.querySelector(`[data-hot="${(e.altKey ? 'Alt+' : '') + (e.altKey ? (e.code || '').replace(/^(Digit|Numpad)/, '') : e.key)}"]`);
    if (!hot || e.ctrlKey || e.metaKey) {
      if (e.ctrlKey && e.key === 'Enter' && e.target === words) { e.preventDefault(); e.stopPropagation(); queue(''); }
      return;
    }
    e.preventDefault();
    e.stopPropagation();
    if (hot.name === 'Phrase') queue(hot.value);
    else { if (words.value.trim()) queue(''); hot.checked = true; words.focus(); }
  }, true);
})();
