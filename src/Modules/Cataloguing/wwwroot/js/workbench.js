// The workbench's pages by the mouse: what has data-drag="page" is taken to data-drop="page" (before it) or data-drop-after="page"
// (behind it, into its document). The form #ct-move does it, as the select in it does without a mouse.
(function () {
  'use strict';
  var form = document.querySelector('form input[name="Do"][value="move"]'), taken = '';
  if (!form) return;
  form = form.form;
  function mark(e) { var over = document.querySelectorAll('.ct-over'); Array.prototype.forEach.call(over, function (o) { o.classList.remove('ct-over'); }); if (e) e.classList.add('ct-over'); }
  function place(e) { return taken && e.target.closest ? e.target.closest('[data-drop], [data-drop-after]') : null; }
  function there(p) { return p.getAttribute('data-drop') || p.getAttribute('data-drop-after'); }
  Array.prototype.forEach.call(document.querySelectorAll('[data-drag]'), function (d) {
    d.draggable = true;
    d.addEventListener('dragstart', function (e) { taken = d.getAttribute('data-drag'); e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', taken); });
    d.addEventListener('dragend', function () { taken = ''; mark(null); });
  });
  document.addEventListener('dragover', function (e) {
    var p = place(e);
    mark(p && there(p) !== taken ? p : null);
    if (p && there(p) !== taken) e.preventDefault();
  });
  document.addEventListener('drop', function (e) {
    var p = place(e), select = form.elements.Target, value;
    if (!p || (value = there(p)) === taken || !select.querySelector('option[value="' + value + '"]') && form.elements.Leaf.value === taken) return;
    e.preventDefault();
    if (!select.querySelector('option[value="' + value + '"]')) select.add(new Option(value, value));
    form.elements.Leaf.value = taken;
    select.value = value;
    form.elements.After.checked = p.hasAttribute('data-drop-after');
    form.submit();
  });
})();
