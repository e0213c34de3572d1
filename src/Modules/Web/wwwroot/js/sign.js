// A signature drawn with finger or mouse: [data-sign] holds a canvas, a clear button and a hidden field that gets the picture as a PNG. Without script it stays hidden.
(() => {
  for (const box of document.querySelectorAll('[data-sign]')) {
    const canvas = box.querySelector('canvas');
    const field = box.querySelector('input[type=hidden]');
    const pen = canvas.getContext('2d');
    let last = null;
    const at = e => {
      const r = canvas.getBoundingClientRect();
      return [(e.clientX - r.left) * canvas.width / r.width, (e.clientY - r.top) * canvas.height / r.height];
    };
    box.hidden = false;
    pen.lineWidth = 5;
    pen.lineCap = 'round';
    canvas.addEventListener('pointerdown', e => { last = at(e); canvas.setPointerCapture(e.pointerId); e.preventDefault(); });
    canvas.addEventListener('pointermove', e => {
      if (!last) return;
      const to = at(e);
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...to);
      pen.stroke();
      last = to;
      e.preventDefault();
    });
    const end = () => { if (last) field.value = canvas.toDataURL('image/png'); last = null; };
    canvas.addEventListener('pointerup', end);
    canvas.addEventListener('pointercancel', end);
    box.querySelector('[data-sign-clear]').addEventListener('click', () => { pen.clearRect(0, 0, canvas.width, canvas.height); field.value = ''; });
  }
})();
