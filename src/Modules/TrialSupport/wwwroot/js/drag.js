// Moves a hearing by dragging it onto a day of another courtroom, or onto another day of its judge:
// the page that asks for the time and the reason opens, nothing is moved before.
(() => {
  let dragged = null;
  let row = null;
  // a cell marked data-same="row" takes only what comes from its own row: a drag never changes the judge
  const target = e => {
    const cell = dragged && e.target.closest('[data-drop]');
    return cell && (cell.dataset.same !== 'row' || cell.closest('tr') === row) ? cell : null;
  };
  document.addEventListener('dragstart', e => {
    const item = e.target.closest('[data-hearing]');
    if (!item) return;
    dragged = item.dataset.hearing;
    row = item.closest('tr');
    e.dataTransfer.effectAllowed = 'move';
    e.dataTransfer.setData('text/plain', dragged);
  });
  document.addEventListener('dragover', e => {
    const cell = target(e);
    if (!cell) return;
    e.preventDefault();
    cell.classList.add('sel');
  });
  document.addEventListener('dragleave', e => e.target.closest?.('[data-drop]')?.classList.remove('sel'));
  document.addEventListener('dragend', () => { dragged = null; row = null; });
  document.addEventListener('drop', e => {
    const cell = target(e);
    if (!cell) return;
    e.preventDefault();
    location.href = `/trial/hearings/${encodeURIComponent(dragged)}/move?${cell.dataset.drop}`;
  });
})();
