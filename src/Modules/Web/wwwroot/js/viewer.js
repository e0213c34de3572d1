// Document viewer on pdf.js: <div data-viewer data-src="/…/content" data-name="起诉状.pdf"></div> on a page that loads
// /lib/pdfjs/pdf.min.js, this file and css/viewer.css. #page=3 in the address opens that page. Without script the
// element's own content (a link to the file) stays. Key 2 lays two pages side by side; data-follow="#field" is a field that
// gets the number of the page that is read, data-noted="1,4" marks pages in the list.
(function () {
  'use strict';
  var doc = document, lang = doc.documentElement.lang.slice(0, 2);
  var words = {
    zh: { page: '页码', of: '共 {0} 页', prev: '上一页', next: '下一页', out: '缩小', in: '放大', fit: '适合宽度', turn: '旋转', pair: '两页并排', noted: '有笔记', list: '页面列表', save: '下载', loading: '正在打开文件…', broken: '文件打不开。', password: '文件有密码，不能在线阅读。', instead: '下载文件', one: '第 {0} 页' },
    en: { page: 'Page', of: 'of {0}', prev: 'Previous page', next: 'Next page', out: 'Zoom out', in: 'Zoom in', fit: 'Fit width', turn: 'Rotate', pair: 'Two pages side by side', noted: 'has notes', list: 'Page list', save: 'Download', loading: 'Opening the file…', broken: 'The file cannot be opened.', password: 'The file has a password and cannot be read here.', instead: 'Download the file', one: 'Page {0}' },
    ko: { page: '페지', of: '총 {0}페지', prev: '이전 페지', next: '다음 페지', out: '축소', in: '확대', fit: '너비에 맞춤', turn: '회전', pair: '두 페지 나란히', noted: '메모 있음', list: '페지 목록', save: '저장', loading: '문서를 여는 중…', broken: '문서를 열수 없습니다.', password: '암호가 있는 문서입니다.', instead: '문서 저장', one: '{0}페지' }
  };
  var T = words[lang] || words.zh;
  function make(tag, className, text) { var e = doc.createElement(tag); if (className) e.className = className; if (text !== undefined) e.textContent = text; return e; }
  function icon(name) {
    var ns = 'http://www.w3.org/2000/svg', s = doc.createElementNS(ns, 'svg'), u = doc.createElementNS(ns, 'use');
    s.setAttribute('class', 'i'); s.setAttribute('aria-hidden', 'true'); u.setAttribute('href', '/lib/icons.svg#' + name); s.appendChild(u);
    return s;
  }
  function tool(name, label, act) {
    var b = make('button'); b.type = 'button'; b.title = label; b.setAttribute('aria-label', label); b.appendChild(icon(name)); b.addEventListener('click', act);
    return b;
  }

  function viewer(host) {
    var src = host.getAttribute('data-src'), solo = host.hasAttribute('data-solo');
    var file = null, pages = [], scale = 0, fit = true, turn = 0, now = 1, marked = 0, seen = null, pair = false;
    var follow = host.getAttribute('data-follow'), noted = (host.getAttribute('data-noted') || '').split(',');
    host.textContent = ''; host.classList.add('docview'); if (solo) host.classList.add('solo');

    var bar = make('div', 'vr-bar'), list = make('ol', 'vr-list'), view = make('div', 'vr-pages');
    bar.setAttribute('role', 'toolbar'); bar.setAttribute('aria-label', host.getAttribute('data-name') || T.page);
    list.setAttribute('aria-label', T.list);
    view.tabIndex = 0; view.setAttribute('role', 'region'); view.setAttribute('aria-label', host.getAttribute('data-name') || T.page);
    var field = make('input', 'in'), total = make('span');
    field.type = 'text'; field.inputMode = 'numeric'; field.value = '1'; field.setAttribute('aria-label', T.page);
    field.addEventListener('change', function () { go(parseInt(field.value, 10) || now); });
    var pairing = tool('layout-columns', T.pair, function () { pair = !pair; layout(); });
    var fitting = tool('maximize', T.fit, function () { fit = true; layout(); });
    bar.append(tool('chevron-up', T.prev, function () { step(-1); }), tool('chevron-down', T.next, function () { step(1); }), field, total,
      make('span', 'sep'), tool('zoom-out', T.out, function () { zoom(1 / 1.2); }), tool('zoom-in', T.in, function () { zoom(1.2); }), fitting, tool('rotate-clockwise', T.turn, function () { turn = (turn + 90) % 360; layout(); }), pairing);
    var save = make('a', 'push'); save.href = src; save.title = T.save; save.setAttribute('aria-label', T.save); save.appendChild(icon('download')); bar.appendChild(save);
    host.append(bar, list, view);
    note(T.loading);

    function note(text, link) {
      var p = make('p', 'vr-note', text + ' ');
      if (link) { var a = make('a', '', T.instead); a.href = src; p.appendChild(a); p.setAttribute('role', 'alert'); }
      view.textContent = ''; view.appendChild(p);
    }

    window.pdfjsLib.getDocument({
      url: src, httpHeaders: { 'X-Viewer': '1' }, withCredentials: true, isEvalSupported: false, enableXfa: false,
      cMapUrl: '/lib/pdfjs/cmaps/', cMapPacked: true, standardFontDataUrl: '/lib/pdfjs/standard_fonts/'
    }).promise.then(function (pdf) {
      file = pdf;
      total.textContent = T.of.replace('{0}', pdf.numPages);
      view.textContent = '';
      return pdf.getPage(1);
    }).then(function (first) {
      var size = first.getViewport({ scale: 1 });
      for (var n = 1; n <= file.numPages; n++) add(n, size);
      layout();
      watch();
      var asked = /page=(\d+)/.exec(location.hash);
      if (asked) go(Number(asked[1])); else mark(1);
      host.dispatchEvent(new CustomEvent('co:viewer-ready', { bubbles: true, detail: { pages: file.numPages } }));
    }).catch(function (e) { note(e && e.name === 'PasswordException' ? T.password : T.broken, true); });

    function add(n, size) {
      var box = make('div', 'vr-page'); box.setAttribute('data-page', n); box.setAttribute('role', 'img'); box.setAttribute('aria-label', T.one.replace('{0}', n));
      view.appendChild(box);
      var li = make('li'), b = make('button'), ph = make('span', 'ph');
      b.type = 'button'; b.setAttribute('aria-label', T.one.replace('{0}', n)); b.append(ph, make('span', '', String(n)));
      if (noted.indexOf(String(n)) >= 0) { b.classList.add('noted'); b.setAttribute('aria-label', T.one.replace('{0}', n) + ' ' + T.noted); }
      b.addEventListener('click', function () { go(n); });
      li.appendChild(b); list.appendChild(li);
      pages.push({ n: n, box: box, button: b, holder: ph, width: size.width, height: size.height, drawn: '', task: null, thumb: false });
    }
    // Only what is near the window is drawn; a drawing that scrolled away is dropped, or a thousand pages would fill the memory.
    function watch() {
      seen = new IntersectionObserver(function (entries) {
        entries.forEach(function (e) {
          var p = pages[Number(e.target.getAttribute('data-page')) - 1];
          p.near = e.isIntersecting;
          if (p.near) draw(p); else forget(p);
        });
      }, { root: view, rootMargin: '800px 0px' });
      pages.forEach(function (p) { seen.observe(p.box); });
      var small = new IntersectionObserver(function (entries) {
        entries.forEach(function (e) { if (e.isIntersecting) { small.unobserve(e.target); thumb(pages[Number(e.target.getAttribute('data-n')) - 1]); } });
      }, { root: list, rootMargin: '300px 0px' });
      if (!solo) pages.forEach(function (p) { p.button.setAttribute('data-n', p.n); small.observe(p.button); });
    }
    function forget(p) {
      if (p.task) { p.task.cancel(); p.task = null; }
      p.drawn = ''; p.box.textContent = '';
    }
    function sides(p) { return turn % 180 ? [p.height, p.width] : [p.width, p.height]; }
    function layout() {
      if (!pages.length) return;
      var keep = now;
      if (fit) scale = Math.max(.3, Math.min(2.5, (view.clientWidth - 28 - (pair ? 12 : 0)) / (pair ? 2 : 1) / sides(pages[0])[0]));
      view.classList.toggle('pair', pair); pairing.setAttribute('aria-pressed', String(pair));
      fitting.setAttribute('aria-pressed', String(fit));
      pages.forEach(function (p) {
        var s = sides(p);
        p.box.style.width = Math.round(s[0] * scale) + 'px'; p.box.style.height = Math.round(s[1] * scale) + 'px';
        if (p.near) draw(p); else if (p.drawn) forget(p);
      });
      go(keep);
    }
    // in pairs a step goes to the next row
    function step(by) { go(pair ? (Math.floor((now - 1) / 2) + by) * 2 + 1 : now + by); }
    function zoom(by) { fit = false; scale = Math.max(.3, Math.min(4, scale * by)); layout(); }
    function draw(p) {
      var want = scale.toFixed(3) + '/' + turn;
      if (p.drawn === want) return;
      p.drawn = want;
      file.getPage(p.n).then(function (page) {
        var own = page.getViewport({ scale: 1 });
        if (Math.abs(own.width - p.width) > 1 || Math.abs(own.height - p.height) > 1) { // pages of one file differ in size
          p.width = own.width; p.height = own.height;
          var s = sides(p); p.box.style.width = Math.round(s[0] * scale) + 'px'; p.box.style.height = Math.round(s[1] * scale) + 'px';
        }
        if (p.drawn !== want) return null;
        var dense = Math.min(window.devicePixelRatio || 1, 2), v = page.getViewport({ scale: scale, rotation: (page.rotate + turn) % 360 });
        var canvas = make('canvas'); canvas.width = Math.floor(v.width * dense); canvas.height = Math.floor(v.height * dense);
        if (p.task) p.task.cancel();
        p.task = page.render({ canvasContext: canvas.getContext('2d'), viewport: v, transform: dense === 1 ? null : [dense, 0, 0, dense, 0, 0] });
        return p.task.promise.then(function () {
          p.task = null;
          if (p.drawn !== want) return null;
          p.box.textContent = ''; p.box.appendChild(canvas);
          return page.getTextContent();
        }).then(function (text) {
          if (!text || p.drawn !== want) return;
          var layer = make('div', 'vr-text'); layer.style.setProperty('--scale-factor', String(scale));
          p.box.appendChild(layer); p.box.removeAttribute('role'); p.box.removeAttribute('aria-label');
          window.pdfjsLib.renderTextLayer({ textContentSource: text, container: layer, viewport: v, textDivs: [] });
        });
      }).catch(function (e) { if (!e || e.name !== 'RenderingCancelledException') p.drawn = ''; });
    }
    function thumb(p) {
      if (p.thumb) return;
      p.thumb = true;
      file.getPage(p.n).then(function (page) {
        var one = page.getViewport({ scale: 1 }), v = page.getViewport({ scale: 92 / one.width }), canvas = make('canvas');
        canvas.width = Math.floor(v.width); canvas.height = Math.floor(v.height);
        return page.render({ canvasContext: canvas.getContext('2d'), viewport: v }).promise.then(function () { p.holder.replaceWith(canvas); });
      }).catch(function () { p.thumb = false; });
    }
    function go(n) {
      if (!pages.length) return;
      n = Math.max(1, Math.min(pages.length, n));
      view.scrollTop = pages[n - 1].box.offsetTop - 8;
      aimed = view.scrollTop; // the last pages do not reach the top: the page asked for stays the present one
      mark(n);
    }
    function mark(n) {
      now = n; field.value = String(n);
      var told = follow && doc.querySelector(follow);
      if (told && told !== doc.activeElement) told.value = String(n);
      if (marked) pages[marked - 1].button.removeAttribute('aria-current');
      pages[n - 1].button.setAttribute('aria-current', 'true');
      if (marked !== n && !solo) { var b = pages[n - 1].button, l = list; if (b.offsetTop < l.scrollTop || b.offsetTop + b.offsetHeight > l.scrollTop + l.clientHeight) l.scrollTop = b.offsetTop - 60; }
      if (marked !== n) host.dispatchEvent(new CustomEvent('co:viewer-page', { bubbles: true, detail: { page: n } }));
      marked = n;
    }
    var pending = 0, aimed = -1;
    view.addEventListener('scroll', function () {
      if (pending) return;
      pending = requestAnimationFrame(function () {
        pending = 0;
        if (Math.abs(view.scrollTop - aimed) < 1) return;
        aimed = -1;
        var middle = view.scrollTop + view.clientHeight / 3, low = 0, high = pages.length - 1;
        while (low < high) { var m = (low + high + 1) >> 1; if (pages[m].box.offsetTop <= middle) low = m; else high = m - 1; }
        if (pair) low -= low % 2;
        if (pages.length && low + 1 !== now && !(pair && low + 2 === now)) mark(low + 1);
      });
    });
    host.addEventListener('keydown', function (e) {
      if (e.target === field) { if (e.key === 'Enter') { go(parseInt(field.value, 10) || now); e.preventDefault(); } return; }
      if (e.ctrlKey || e.altKey || e.metaKey) return;
      var acts = { PageDown: function () { step(1); }, PageUp: function () { step(-1); }, Home: function () { go(1); }, End: function () { go(pages.length); }, ArrowRight: function () { step(1); }, ArrowLeft: function () { step(-1); }, '2': function () { pair = !pair; layout(); }, '+': function () { zoom(1.2); }, '=': function () { zoom(1.2); }, '-': function () { zoom(1 / 1.2); }, '0': function () { fit = true; layout(); } };
      if (acts[e.key]) { acts[e.key](); e.preventDefault(); e.stopPropagation(); }
    });
    var resize = 0;
    window.addEventListener('resize', function () { if (fit) { clearTimeout(resize); resize = setTimeout(layout, 150); } });
    window.addEventListener('hashchange', function () { var asked = /page=(\d+)/.exec(location.hash); if (asked) go(Number(asked[1])); });
  }

  if (!window.pdfjsLib || !window.IntersectionObserver) return;
  window.pdfjsLib.GlobalWorkerOptions.workerSrc = '/lib/pdfjs/pdf.worker.min.js';
  Array.prototype.forEach.call(doc.querySelectorAll('[data-viewer]'), viewer);
  // another file in its place: a co:viewer-open on the viewer, with the address, the name and, in the hash, the page
  doc.addEventListener('co:viewer-open', function (e) {
    var fresh = make('div');
    fresh.setAttribute('data-viewer', ''); fresh.setAttribute('data-src', e.detail.src); fresh.setAttribute('data-name', e.detail.name || '');
    if (e.target.hasAttribute('data-solo')) fresh.setAttribute('data-solo', '');
    e.target.replaceWith(fresh);
    viewer(fresh);
  });
})();
