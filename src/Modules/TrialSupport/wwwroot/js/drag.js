// Moves a hearing by dragging it onto a day of another courtroom: the page that asks for the time and the reason opens, nothing is moved before.
(() => {
  let dragged = null;
  document.addEventListener('dragstart', e => {
    const item = e.target.closest('[data-hearing]');
    if (!item) return;
    dragged = item.dataset.hearing;
    e.dataTransfer.effectAllowed = 'move';
    e.dataTransfer.setData('text/plain', dragged);
  });
  document.addEventListener('dragover', e => {
    const cell = dragged && e.target.closest('[data-drop]');
    if (!cell) return;
    e.preventDefault();
    cell.classList.add('sel');
  });
  document.addEventListener('dragleave', e => e.target.closest?.('[data-drop]')?.classList.remove('sel'));
  document.addEventListener('dragend', () => { dragged = null; });
  document.addEventListener('drop', e => {
    const cell = dragged && e.target.closest('[data-drop]');
    if (!cell) return;
    e.preventDefault();
    location.href = `/trial/hearings/${encodeURIComponent(dragged)}/move?${cell.dataset.drop}`;
  });
})();
