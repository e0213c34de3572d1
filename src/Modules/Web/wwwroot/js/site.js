// Behaviour shared by all pages. Plain ES2019, deferred, no build step; floor Chromium 86. Every page works without it.
// Contracts with the markup are listed in src/Host/FRONT.md.
(function () {
  'use strict';
  var doc = document, root = doc.documentElement, body = doc.body;
  root.classList.add('js');

  // ---- words -------------------------------------------------------------------------------------------------------
  var words = {
    'zh-CN': {
      sendError: '连接中断，没有保存。请重试。', notAllowed: '您没有做这件事的权限。', notFound: '没有找到，可能已被移走。',
      serverError: '系统出错，已记录。没有保存。', offline: '与服务器的连接断开，正在重连。页面上的内容可能不是最新的。', undo: '撤销', close: '关闭',
      selected: '已选 {0} 条', waiting: '等待上传', sending: '{0}%', done: '已上传', failed: '没有传完：{0}', again: '重试', remove: '去掉',
      tooBig: '超过 {0} 的上限', retrying: '连接中断，{0} 秒后继续', afterUpload: '上传完成后自动提交', keys: '快捷键', search: '搜索',
      move: '上下移动', open: '打开', select: '选中', clear: '取消选择', help: '全部快捷键', condition: '加条件', undoLast: '撤销上一步', leave: '填写的内容还没有保存。'
    },
    en: {
      sendError: 'The connection broke; nothing was saved. Please try again.', notAllowed: 'You are not allowed to do this.', notFound: 'Not found; it may have been moved.',
      serverError: 'Something went wrong and was recorded. Nothing was saved.', offline: 'The connection to the server is lost; reconnecting. What you see may be out of date.', undo: 'Undo', close: 'Close',
      selected: '{0} selected', waiting: 'Waiting', sending: '{0}%', done: 'Uploaded', failed: 'Not complete: {0}', again: 'Try again', remove: 'Remove',
      tooBig: 'larger than the limit of {0}', retrying: 'Connection lost, continuing in {0} s', afterUpload: 'Will be submitted when the upload is complete', keys: 'Keys', search: 'Search',
      move: 'Move down or up', open: 'Open', select: 'Select', clear: 'Clear selection', help: 'All keys', condition: 'Add a condition', undoLast: 'Undo the last step', leave: 'What you typed is not saved yet.'
    },
    ko: {
      sendError: '련결이 끊어져 저장되지 않았습니다. 다시 시도하십시오.', notAllowed: '이 작업을 할 권한이 없습니다.', notFound: '찾을 수 없습니다.',
      serverError: '오유가 발생하여 기록되였습니다. 저장되지 않았습니다.', offline: '서버와의 련결이 끊어져 다시 련결하고 있습니다.', undo: '취소', close: '닫기',
      selected: '{0}건 선택', waiting: '대기중', sending: '{0}%', done: '올렸습니다', failed: '완료되지 않았습니다: {0}', again: '다시 시도', remove: '제거',
      tooBig: '{0} 제한을 넘습니다', retrying: '련결이 끊어졌습니다. {0}초 후 계속합니다', afterUpload: '올리기가 끝나면 자동으로 제출됩니다', keys: '단축건', search: '검색',
      move: '우아래 이동', open: '열기', select: '선택', clear: '선택 해제', help: '모든 단축건', condition: '조건 추가', undoLast: '마지막 단계 취소', leave: '입력한 내용이 아직 저장되지 않았습니다.'
    }
  };
  var lang = words[root.lang] ? root.lang : root.lang.slice(0, 2) === 'zh' ? 'zh-CN' : words[root.lang.slice(0, 2)] ? root.lang.slice(0, 2) : 'zh-CN';
  function say(key, value) { return words[lang][key].replace('{0}', value === undefined ? '' : value); }

  // ---- small things ------------------------------------------------------------------------------------------------
  function one(selector, within) { return (within || doc).querySelector(selector); }
  function all(selector, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(selector)); }
  function meta(name) { var m = one('meta[name="' + name + '"]'); return m ? m.content : ''; }
  function make(tag, className, text) {
    var e = doc.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  }
  function visible(e) { return !!e && !e.disabled && e.getClientRects().length > 0; }
  function typing(target) {
    return !!target && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === 'INPUT' && !/^(checkbox|radio|button|submit|reset|file|range|color)$/.test(target.type)));
  }
  function stored(name, value) { // a browser may refuse storage altogether
    try {
      if (value === undefined) return localStorage.getItem(name);
      if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value);
    } catch (e) { /* then nothing is remembered */ }
    return null;
  }
  function headers(more) { return Object.assign({ 'RequestVerificationToken': meta('csrf'), 'X-Requested-With': 'fetch' }, more || {}); }

  // What was heard while a part's new content was under way has gone with the old part, and its content may be older: the part asks once more.
  var heard = {}, began = {};
  function catchUp(part) {
    var since = part && part.id ? began[part.id] : undefined;
    if (since === undefined) return;
    delete began[part.id];
    ((part.getAttribute('hx-trigger') || '').match(/co:[^\s,]+/g) || []).filter(function (name) { return heard[name] > since; }).slice(0, 1)
      .forEach(function (name) { setTimeout(function () { body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: {} })); }, 0); });
  }

  // ---- htmx --------------------------------------------------------------------------------------------------------
  var htmx = window.htmx;
  if (htmx) {
    var c = htmx.config;
    c.includeIndicatorStyles = false; c.allowEval = false; c.allowScriptTags = false; c.selfRequestsOnly = true;
    // No copy of a page with case data may stay in the browser's store; Back asks the server again.
    c.historyCacheSize = 0; c.refreshOnHistoryMiss = true;
    c.scrollIntoViewOnBoost = false; c.timeout = 60000;
    c.responseHandling = [
      { code: '204', swap: false },
      { code: '[23]..', swap: true },
      { code: '409|422', swap: true, error: false }, // the form again, with what was typed and what is wrong
      { code: '[45]..', swap: false, error: true }
    ];
    body.addEventListener('htmx:configRequest', function (e) {
      if (e.detail.verb !== 'get') e.detail.headers['RequestVerificationToken'] = meta('csrf');
    });
    // news from others must not take away what somebody is typing or has opened: neither asked for then, nor taken in when the answer was under way
    function unwanted(detail) {
      var by = detail.requestConfig && detail.requestConfig.triggeringEvent, target = detail.target;
      return !!by && /^co:(changed|resync)/.test(String(by.type)) && !!target &&
        !!(target.querySelector('details[open]:not(.menu), input:focus, textarea:focus, select:focus') || doc.querySelector('dialog[open]'));
    }
    body.addEventListener('htmx:beforeRequest', function (e) {
      if (unwanted(e.detail)) { e.preventDefault(); return; }
      if (e.detail.elt && e.detail.elt.id) began[e.detail.elt.id] = performance.now();
    });
    body.addEventListener('htmx:beforeSwap', function (e) {
      if (unwanted(e.detail)) { e.detail.shouldSwap = false; return; }
      if (e.detail.shouldSwap) leave(e.detail.target);
    });
    body.addEventListener('htmx:responseError', function (e) {
      var status = e.detail.xhr.status;
      if (status === 401) { location.reload(); return; } // signed out meanwhile: the server shows the sign-in page and comes back
      toast(say(status === 403 ? 'notAllowed' : status === 404 ? 'notFound' : 'serverError'), { bad: true });
    });
    body.addEventListener('htmx:sendError', function () { toast(say('sendError'), { bad: true }); });
    body.addEventListener('htmx:timeout', function () { toast(say('sendError'), { bad: true }); });
    body.addEventListener('htmx:afterSwap', function (e) {
      var dialog = e.detail.target && e.detail.target.closest && e.detail.target.closest('dialog');
      if (dialog && !dialog.open && dialog.innerHTML.trim()) dialog.showModal();
    });
    htmx.onLoad(function (content) { refresh(content); catchUp(content); });
  }

  // ---- toast -------------------------------------------------------------------------------------------------------
  // Says what was done and offers the way back. options: undo = address to post to, bad = an error.
  var lastUndo = null;
  function toastBox() {
    var box = one('.toasts');
    if (!box) { box = make('div', 'toasts'); box.setAttribute('aria-live', 'polite'); body.appendChild(box); }
    return box;
  }
  function toast(text, options) {
    options = options || {};
    var t = make('div', 'toast-co' + (options.bad ? ' bad' : ''), text);
    t.setAttribute('role', options.bad ? 'alert' : 'status');
    if (options.undo) {
      var b = make('button', '', say('undo') + ' ');
      b.type = 'button'; b.appendChild(make('kbd', '', 'Z'));
      b.addEventListener('click', function () { undo(options.undo); t.remove(); });
      t.appendChild(b); lastUndo = b;
    }
    arm(t, options.undo ? 12000 : options.bad ? 15000 : 6000);
    toastBox().appendChild(t);
    return t;
  }
  function arm(t, after) {
    var x = make('button', 'x', '×');
    x.type = 'button'; x.setAttribute('aria-label', say('close'));
    x.addEventListener('click', function () { t.remove(); });
    t.appendChild(x);
    var timer = setTimeout(function gone() {
      if (t.matches(':hover') || t.contains(doc.activeElement)) timer = setTimeout(gone, 2000); else t.remove();
    }, after);
  }
  function undo(address) {
    var f = make('form'); f.method = 'post'; f.action = address; f.hidden = true;
    var token = make('input'); token.type = 'hidden'; token.name = '__RequestVerificationToken'; token.value = meta('csrf');
    f.appendChild(token); body.appendChild(f); f.submit();
  }
  body.addEventListener('co:toast', function (e) { toast(e.detail.text || e.detail.value, e.detail); });
  body.addEventListener('co:close', function () { all('dialog[open]').forEach(function (d) { d.close(); }); });

  // ---- dialogs and popovers ----------------------------------------------------------------------------------------
  function closePops(except) {
    all('[data-pop][aria-expanded="true"]').forEach(function (b) {
      if (b === except) return;
      var p = one(b.getAttribute('data-pop'));
      b.setAttribute('aria-expanded', 'false');
      if (p) p.hidden = true;
    });
    all('details.menu[open]').forEach(function (d) { if (d !== except) d.open = false; });
  }
  doc.addEventListener('click', function (e) {
    var t = e.target.nodeType === 1 ? e.target : e.target.parentNode, hit;
    if ((hit = t.closest('[data-pop]'))) {
      var pop = one(hit.getAttribute('data-pop')), open = hit.getAttribute('aria-expanded') !== 'true';
      closePops(hit);
      hit.setAttribute('aria-expanded', String(open));
      if (pop) pop.hidden = !open;
      e.preventDefault(); return;
    }
    if ((hit = t.closest('[data-close]'))) {
      var box = hit.closest('dialog');
      if (box) box.close(); else { var opener = doc.activeElement; closePops(); if (opener) opener.blur(); }
      e.preventDefault(); return;
    }
    if ((hit = t.closest('[data-dialog]'))) {
      var dialog = one(hit.getAttribute('data-dialog'));
      if (dialog && dialog.showModal) { if (!dialog.open) dialog.showModal(); e.preventDefault(); }
      return;
    }
    if (t.tagName === 'DIALOG' && !one('form[data-guard]', t)) { t.close(); return; } // a click on the backdrop
    if ((hit = t.closest('[data-insert]'))) {
      var field = one(hit.getAttribute('data-insert'));
      if (field) {
        field.value += (field.value && !/\s$/.test(field.value) ? (field.tagName === 'TEXTAREA' ? '\n' : ' ') : '') + hit.getAttribute('data-words');
        field.dispatchEvent(new Event('input', { bubbles: true })); field.focus();
      }
      e.preventDefault(); return;
    }
    if ((hit = t.closest('[data-print]'))) { window.print(); e.preventDefault(); return; }
    if ((hit = t.closest('[data-copy-link]'))) {
      if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(function () { toast(hit.getAttribute('data-copied') || location.href); });
      e.preventDefault(); return;
    }
    if (!t.closest('.pop')) closePops(t.closest('details.menu'));
  });

  // ---- times -------------------------------------------------------------------------------------------------------
  // <time datetime="…Z" data-rel>: relative within a day, a date otherwise; the full time on hover. Court time everywhere.
  var zone = { timeZone: 'Asia/Shanghai' };
  function parts(date) {
    var out = {};
    new Intl.DateTimeFormat('en-GB', Object.assign({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false }, zone))
      .formatToParts(date).forEach(function (p) { out[p.type] = p.value; });
    return out;
  }
  var relative = window.Intl && Intl.RelativeTimeFormat ? new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }) : null;
  function showTimes(within) {
    var now = new Date(), today = parts(now);
    all('time[data-rel]', within).forEach(function (t) {
      var at = new Date(t.getAttribute('datetime'));
      if (isNaN(at) || !relative) return;
      var p = parts(at), minutes = Math.round((at - now) / 60000), text;
      if (!t.title) t.title = p.year + '-' + p.month + '-' + p.day + ' ' + p.hour + ':' + p.minute;
      var days = Math.round((Date.UTC(p.year, p.month - 1, p.day) - Date.UTC(today.year, today.month - 1, today.day)) / 86400000);
      if (Math.abs(minutes) < 60) text = relative.format(minutes, 'minute');
      else if (days === 0) text = p.hour + ':' + p.minute;
      else if (Math.abs(days) === 1) text = relative.format(days, 'day') + ' ' + p.hour + ':' + p.minute;
      else text = (p.year === today.year ? '' : p.year + '-') + p.month + '-' + p.day;
      if (t.textContent !== text) t.textContent = text;
    });
  }
  setInterval(function () { if (!doc.hidden) showTimes(doc); }, 30000);
  doc.addEventListener('visibilitychange', function () { if (!doc.hidden) showTimes(doc); });

  // ---- lists: the current row, selection, keys ---------------------------------------------------------------------
  function lists() { return all('[data-queue]').filter(visible); }
  function rows(list) { return all('[data-row]', list).filter(visible); }
  function current() { return one('[data-queue] [data-row].cur'); }
  function opener(row) { return one('a[data-open]', row) || one('a[href]', row); }
  function setCurrent(row, focus) {
    all('[data-queue] [data-row].cur').forEach(function (r) { if (r !== row) { r.classList.remove('cur'); r.removeAttribute('aria-current'); } });
    row.classList.add('cur'); row.setAttribute('aria-current', 'true');
    var link = opener(row);
    if (focus && link) { link.focus({ preventScroll: true }); row.scrollIntoView({ block: 'nearest' }); }
  }
  function move(step) {
    var row = current(), list = row ? row.closest('[data-queue]') : lists()[0];
    if (!list) return false;
    var rs = rows(list), i = rs.indexOf(row) + step;
    if (!row) i = step > 0 ? 0 : rs.length - 1;
    if (rs[i]) { setCurrent(rs[i], true); return true; }
    var next = lists()[lists().indexOf(list) + (step > 0 ? 1 : -1)];
    if (next && rows(next).length) { rs = rows(next); setCurrent(rs[step > 0 ? 0 : rs.length - 1], true); return true; }
    var page = one(step > 0 ? '.pg a[rel="next"]' : '.pg a[rel="prev"]'); // past the end: the next page of the list
    if (page) { page.focus(); return true; }
    return false;
  }
  // A list made anew keeps its current row (the one with the same link, else the one in the same place) and what is selected.
  var left = null;
  function leave(target) {
    if (!target || !target.querySelectorAll) { left = null; return; }
    var row = current(), inside = row && target.contains(row) && opener(row);
    left = {
      picked: all('input[data-pick]:checked', target).map(function (b) { return b.value; }),
      href: inside ? inside.getAttribute('href') : null,
      at: inside ? rows(row.closest('[data-queue]')).indexOf(row) : -1,
      focus: !!inside && row.contains(doc.activeElement)
    };
  }
  function comeBack() {
    var was = left, list = lists()[0];
    left = null;
    if (!was || !list) return;
    if (was.picked.length) all('input[data-pick]').forEach(function (b) { if (was.picked.indexOf(b.value) >= 0) b.checked = true; });
    if (current() || was.href === null) return;
    var now = rows(list), same = now.filter(function (r) { var l = opener(r); return l && l.getAttribute('href') === was.href; })[0];
    var row = same || now[Math.min(was.at, now.length - 1)];
    if (row) setCurrent(row, was.focus && doc.activeElement === body);
  }
  doc.addEventListener('focusin', function (e) {
    var row = e.target.closest && e.target.closest('[data-queue] [data-row]');
    if (row) setCurrent(row, false);
  });
  // A click anywhere in a row that is no control makes it the current one; a double click opens it.
  doc.addEventListener('click', function (e) {
    var row = e.target.closest && e.target.closest('[data-queue] [data-row]');
    if (row && !e.target.closest('a, button, input, label, select, summary')) setCurrent(row, true);
  });
  doc.addEventListener('dblclick', function (e) {
    var row = e.target.closest && e.target.closest('[data-queue] [data-row]');
    if (row && !e.target.closest('a, button, input, label') && opener(row)) opener(row).click();
  });

  function boxes(scope) { return all('[data-row] input[type="checkbox"][data-pick]', scope); }
  function showSelection(scope) {
    var picked = boxes(scope).filter(function (b) {
      b.closest('[data-row]').classList.toggle('sel', b.checked);
      return b.checked;
    });
    var master = one('input[data-pick-all]', scope), bar = one('[data-bulk]', scope);
    if (master) { master.checked = picked.length > 0 && picked.length === boxes(scope).length; master.indeterminate = picked.length > 0 && !master.checked; }
    if (bar) {
      bar.hidden = picked.length === 0;
      var count = one('[data-bulk-count]', bar);
      if (count) count.textContent = (count.getAttribute('data-bulk-count') || say('selected')).replace('{0}', picked.length);
    }
  }
  function scopeOf(e) { return e.closest('[data-select]') || e.closest('form') || body; }
  var lastBox = null;
  doc.addEventListener('click', function (e) { // Shift and click: a range
    var box = e.target.closest && e.target.closest('input[data-pick]');
    if (!box) return;
    var scope = scopeOf(box), list = boxes(scope);
    if (e.shiftKey && lastBox && list.indexOf(lastBox) >= 0) {
      var a = list.indexOf(lastBox), b = list.indexOf(box);
      list.slice(Math.min(a, b), Math.max(a, b) + 1).forEach(function (x) { x.checked = box.checked; });
    }
    lastBox = box;
    showSelection(scope);
  });
  doc.addEventListener('change', function (e) {
    if (e.target.matches('input[data-pick-all]')) {
      var scope = scopeOf(e.target);
      boxes(scope).forEach(function (b) { b.checked = e.target.checked; });
      showSelection(scope);
    } else if (e.target.matches('input[data-pick]')) showSelection(scopeOf(e.target));
    else if (e.target.matches('select[data-submit], input[data-submit]') && e.target.form) submit(e.target.form);
  });
  function clearSelection() {
    var any = false;
    all('input[data-pick]:checked').forEach(function (b) { b.checked = false; any = true; showSelection(scopeOf(b)); });
    return any;
  }
  function submit(form, button) {
    if (form.requestSubmit) form.requestSubmit(button || undefined);
    else if (button) button.click();
    else form.submit();
  }

  // data-key="a" on a link or button: that key presses it. In a list the current row's comes first, then the bulk bar's
  // while rows are selected, then the page's.
  function keyed(key) {
    var selector = '[data-key="' + key + '"]', places = [one('dialog[open]')], i, hit;
    if (!places[0]) places = [one('[data-bulk]:not([hidden])'), current(), doc];
    for (i = 0; i < places.length; i++) {
      hit = places[i] && all(selector, places[i]).filter(function (e) {
        return visible(e) && (places[i] !== doc || !e.closest('[data-row]'));
      })[0];
      if (hit) return hit;
    }
    return null;
  }
  function press(e) { if (e.matches('input, select, textarea')) { e.focus(); if (e.select) e.select(); } else { e.focus(); e.click(); } }

  function help() {
    var d = one('#co-keys');
    if (!d) {
      d = make('dialog'); d.id = 'co-keys'; d.setAttribute('aria-labelledby', 'co-keys-h');
      var h = make('h2', '', say('keys')); h.id = 'co-keys-h';
      var x = make('button', '', '×'); x.type = 'button'; x.setAttribute('data-close', ''); x.setAttribute('aria-label', say('close'));
      h.appendChild(x); d.appendChild(h); d.appendChild(make('dl', 'keyhelp')); body.appendChild(d);
    }
    var dl = one('dl', d), seen = {};
    dl.textContent = '';
    function line(keys, text) {
      if (!text || seen[keys]) return;
      seen[keys] = true;
      var dt = make('dt');
      keys.split(' ').forEach(function (k) { dt.appendChild(make('kbd', '', k)); dt.appendChild(doc.createTextNode(' ')); });
      dl.appendChild(dt); dl.appendChild(make('dd', '', text));
    }
    if (lists().length) { line('J K', say('move')); line('Enter', say('open')); }
    if (one('input[data-pick]')) { line('X', say('select')); line('Esc', say('clear')); }
    all('[data-key]').filter(function (e) { return visible(e) || e.closest('[data-bulk]'); }).forEach(function (e) {
      var label = e.getAttribute('data-key-label') || e.getAttribute('aria-label');
      if (!label) label = Array.prototype.filter.call(e.childNodes, function (n) { return n.nodeName !== 'KBD'; }).map(function (n) { return n.textContent; }).join('').trim();
      line(e.getAttribute('data-key').toUpperCase(), label);
    });
    if (one('svg.graph')) line('← →', say('move'));
    line('Ctrl K', say('search')); line('Z', say('undoLast')); line('?', say('help'));
    if (!d.open) d.showModal();
  }

  doc.addEventListener('keydown', function (e) {
    if (e.isComposing || e.defaultPrevented) return;
    var key = e.key;
    if ((e.ctrlKey || e.metaKey) && !e.altKey && key.toLowerCase() === 'k') {
      var box = one('[data-search]');
      if (box) { box.focus(); box.select(); e.preventDefault(); }
      return;
    }
    if ((e.ctrlKey || e.metaKey) && key === 'Enter' && e.target.form && e.target.closest('[data-ctrl-enter]')) { submit(e.target.form); e.preventDefault(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (key === 'Escape') {
      var open = one('[data-pop][aria-expanded="true"]') || one('details.menu[open] > summary');
      if (open) { closePops(); open.focus(); return; }
      if (typing(e.target)) { e.target.blur(); return; }
      if (!one('dialog[open]')) clearSelection();
      return;
    }
    var node = e.target.closest && e.target.closest('svg.graph a');
    if (node && (key === 'ArrowRight' || key === 'ArrowLeft')) { step(node, key === 'ArrowRight' ? 1 : -1); e.preventDefault(); return; }
    // from the search box into its hits and back
    var hits = all('#palette a'), hit = hits.indexOf(e.target);
    if (hits.length && (key === 'ArrowDown' || key === 'ArrowUp') && (hit >= 0 || e.target.matches('[data-search]'))) {
      var to = hit < 0 ? hits[key === 'ArrowDown' ? 0 : hits.length - 1] : hits[hit + (key === 'ArrowDown' ? 1 : -1)] || one('[data-search]');
      to.focus(); e.preventDefault(); return;
    }
    if (typing(e.target)) return;
    if (one('dialog[open]')) { var inner = keyed(key.toLowerCase()); if (inner && key.length === 1) { press(inner); e.preventDefault(); } return; }
    switch (key) {
      case 'j': if (move(1)) { e.preventDefault(); return; } break;
      case 'k': if (move(-1)) { e.preventDefault(); return; } break;
      case '?': help(); e.preventDefault(); return;
      case 'Enter':
        if (e.target === body && current() && opener(current())) { opener(current()).click(); e.preventDefault(); }
        else if (e.target === body && one('[data-key="Enter"]')) { press(one('[data-key="Enter"]')); e.preventDefault(); }
        return;
      case 'x':
        var row = current(), pick = row && one('input[data-pick]', row);
        if (pick) { pick.click(); e.preventDefault(); return; }
        break;
      case 'z':
        if (lastUndo && doc.contains(lastUndo)) { lastUndo.click(); e.preventDefault(); return; }
        break;
    }
    if ((key === 'ArrowRight' || key === 'ArrowLeft') && e.target === body && one('svg.graph a')) {
      step(null, key === 'ArrowRight' ? 1 : -1); e.preventDefault(); return;
    }
    if (key.length === 1) {
      var hit = keyed(key.toLowerCase());
      if (hit) { press(hit); e.preventDefault(); }
    }
  });

  // ---- node graph: arrows go from node to node as time goes, also into the lanes of children; the thread follows ---------------------
  function step(from, by) {
    var nodes = all('svg.graph a[data-node]');
    var next = from ? nodes[nodes.indexOf(from) + by] : by > 0 ? nodes[0] : nodes[nodes.length - 1];
    if (next) next.focus();
  }
  doc.addEventListener('focusin', function (e) {
    var node = e.target.closest && e.target.closest('svg.graph a[data-node]');
    if (!node) return;
    all('.th li.cur').forEach(function (li) { li.classList.remove('cur'); });
    var entry = doc.getElementById('node-' + node.getAttribute('data-node'));
    if (entry) entry.classList.add('cur');
    var scroller = node.closest('.gscroll'), r = node.getBoundingClientRect(), s = scroller && scroller.getBoundingClientRect();
    if (s && (r.left < s.left + 140 || r.right > s.right - 20)) scroller.scrollLeft += (r.left + r.right) / 2 - (s.left + s.right) / 2;
  });

  // The names of the lanes stay in sight while a long graph is scrolled.
  doc.addEventListener('scroll', function (e) {
    var box = e.target.classList && e.target.classList.contains('gscroll') ? e.target : null, svg = box && one('svg.graph', box), gutter = svg && one('[data-gutter]', svg);
    if (gutter) gutter.setAttribute('transform', 'translate(' + box.scrollLeft * svg.viewBox.baseVal.width / svg.getBoundingClientRect().width + ' 0)');
  }, true);

  // ---- server events: one stream per browser -------------------------------------------------------------------------
  // The tab that holds the lock reads /events and passes on what it hears. navigator.locks needs HTTPS or localhost;
  // on an intranet with plain HTTP a lease in localStorage takes its place. A page knows where the words stood when it was made: what was
  // said since comes first, from the server for the tab that reads, from that tab for the others.
  function events(address) {
    var channel = window.BroadcastChannel ? new BroadcastChannel('co-events') : null, source = null, opened = false, me = String(Math.random()).slice(2);
    var since = address.split('since=')[1] || '', last = since, told = [];
    function order(mark) { return Number(String(mark).split('.')[1]); }
    function tell(message, mark) {
      if (mark) { last = mark; told.push({ mark: mark, message: message }); if (told.length > 200) told.shift(); }
      hear(message); if (channel) channel.postMessage(message);
    }
    function repeat(mark) {
      if (mark.split('.')[0] !== last.split('.')[0] || (told.length === 200 && order(told[0].mark) > order(mark))) { channel.postMessage({ topic: 'all' }); return; }
      told.forEach(function (t) { if (order(t.mark) > order(mark)) channel.postMessage(t.message); });
    }
    function hear(message) {
      if (message.since !== undefined) { if (source) repeat(message.since); return; }
      if (message.state !== undefined) { offline(message.state === 'lost'); if (message.state === 'back') fire('co:resync', {}); return; }
      if (message.topic === 'all') { fire('co:resync', {}); return; } // more has changed than was told one by one
      fire('co:changed:' + message.topic, message);
      fire('co:changed', message);
    }
    function fire(name, detail) { heard[name] = performance.now(); body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: detail })); }
    function offline(lost) {
      var line = one('.co-line');
      if (lost && !line) { line = make('div', 'co-line', say('offline')); line.setAttribute('role', 'status'); body.appendChild(line); }
      if (!lost && line) line.remove();
    }
    function parse(data) {
      try { var m = JSON.parse(data); return typeof m === 'string' ? { topic: m } : m; } catch (e) { return { topic: String(data) }; }
    }
    function open() {
      if (source) return;
      var lostAt = 0, timer = 0;
      source = new EventSource(address.replace(since, last));
      source.onopen = function () { clearTimeout(timer); if (opened && lostAt) tell({ state: 'back' }); opened = true; lostAt = 0; };
      source.addEventListener('changed', function (e) { tell(parse(e.data), e.lastEventId); });
      source.onmessage = function (e) { var m = parse(e.data); if (m.topic) tell(m); };
      source.onerror = function () {
        if (!lostAt) { lostAt = Date.now(); timer = setTimeout(function () { if (lostAt) tell({ state: 'lost' }); }, 4000); }
        if (source && source.readyState === EventSource.CLOSED) { source = null; setTimeout(open, 15000); } // refused: signed out, or the host restarts
      };
    }
    if (channel) channel.onmessage = function (e) { hear(e.data); };
    if (channel) channel.postMessage({ since: since });
    if (!channel) { open(); return; }
    if (navigator.locks) {
      navigator.locks.request('co-events', function () { open(); return new Promise(function () { /* held until the tab closes */ }); });
      return;
    }
    function lease() {
      var held = (stored('co-events') || '').split(' ');
      if (held[0] === me || !(Number(held[1]) > Date.now() - 7000)) {
        stored('co-events', me + ' ' + Date.now());
        setTimeout(function () { if ((stored('co-events') || '').split(' ')[0] === me) open(); }, 300); // two may have written at once
      } else if (source) { source.close(); source = null; }
    }
    lease(); setInterval(lease, 3000);
    window.addEventListener('pagehide', function () { if ((stored('co-events') || '').split(' ')[0] === me) stored('co-events', null); });
  }
  if (meta('events') && window.EventSource) events(meta('events'));

  // ---- upload in pieces that survives a broken line and a reload -----------------------------------------------------
  // POST /uploads {name,size,type} -> {id}; PUT /uploads/{id}?offset=N piece -> {received}; GET /uploads/{id} -> {received,size}.
  var piece = 1024 * 1024;
  function megabytes(n) { return n >= 1048576 ? (n / 1048576).toFixed(n >= 10485760 ? 0 : 1) + ' MB' : Math.max(1, Math.round(n / 1024)) + ' kB'; }
  function uploads(input) {
    if (input.coReady || !window.fetch || !input.form) return;
    input.coReady = true;
    var address = input.getAttribute('data-upload'), name = input.getAttribute('data-upload-name') || 'upload', max = Number(input.getAttribute('data-upload-max') || 0);
    var form = input.form, required = input.required, list = make('ul', 'ups'), running = 0, waitingButton, waiting = false;
    list.setAttribute('aria-live', 'polite');
    (input.closest('.drop') || input).insertAdjacentElement('afterend', list);

    input.addEventListener('change', function () {
      var files = Array.prototype.slice.call(input.files);
      if (!files.length) return;
      if (!input.multiple) all('li', list).forEach(function (li) { if (li.coDrop) li.coDrop(); });
      files.forEach(start);
      input.value = ''; // the pieces carry the file; the form carries only its id
      input.required = false;
    });

    function start(file) {
      var li = make('li'), bar = make('progress'), note = make('span', 'u-say', say('waiting')), button = make('button', 'link', say('remove'));
      var mark = 'co-upload ' + [address, file.name, file.size, file.lastModified].join('|'), gone = false, tries = 0;
      bar.max = Math.max(1, file.size); bar.value = 0; bar.setAttribute('aria-label', file.name);
      li.appendChild(make('span', 'clip', file.name + '　' + megabytes(file.size))); li.appendChild(bar); li.appendChild(note); li.appendChild(button);
      button.type = 'button';
      button.addEventListener('click', function () { drop(); });
      list.appendChild(li);
      li.coDrop = drop;
      function drop() {
        if (gone) return;
        gone = true; if (li.coRunning) { li.coRunning = false; running--; }
        li.remove(); settle();
        if (!one('input[type="hidden"]', list) && required) input.required = true;
      }
      function problem(text) {
        li.classList.add('bad'); note.textContent = say('failed', text); stop();
        var retry = make('button', 'link', say('again')); retry.type = 'button';
        retry.addEventListener('click', function () { retry.remove(); li.classList.remove('bad'); tries = 0; run(); });
        if (text !== null) note.appendChild(doc.createTextNode(' ')), note.appendChild(retry);
      }
      function stop() { if (li.coRunning) { li.coRunning = false; running--; } settle(); }
      if (max && file.size > max) { li.classList.add('bad'); note.textContent = say('tooBig', megabytes(max)); return; }
      run();

      function ask(method, url, data, type) {
        return fetch(url, { method: method, body: data, credentials: 'same-origin', headers: headers(type ? { 'Content-Type': type, 'Accept': 'application/json' } : { 'Accept': 'application/json' }) })
          .then(function (r) {
            return r.text().then(function (text) {
              var answer = {};
              try { answer = text ? JSON.parse(text) : {}; } catch (e) { /* an error page */ }
              if (r.ok) return answer;
              var error = new Error(answer.detail || answer.title || r.status + ' ' + r.statusText);
              error.status = r.status;
              throw error;
            });
          });
      }
      function run() {
        if (!li.coRunning) { li.coRunning = true; running++; }
        var id = stored(mark);
        (id ? ask('GET', address + '/' + id).catch(function (e) { if (e.status === 404 || e.status === 410) { stored(mark, null); return null; } throw e; }) : Promise.resolve(null))
          .then(function (known) {
            if (known && (known.size === undefined || known.size === file.size)) return { id: id, at: known.received };
            return ask('POST', address, JSON.stringify({ name: file.name, size: file.size, type: file.type }), 'application/json')
              .then(function (made) { stored(mark, String(made.id)); return { id: String(made.id), at: 0 }; });
          })
          .then(function (u) { return send(u.id, u.at); })
          .then(function (id) { if (!gone && id) finish(id); })
          .catch(failed);
      }
      function send(id, at) {
        if (gone) return null;
        bar.value = at;
        note.textContent = say('sending', file.size ? Math.floor(at * 100 / file.size) : 100);
        if (at >= file.size) return id;
        return ask('PUT', address + '/' + id + '?offset=' + at, file.slice(at, at + piece), 'application/octet-stream')
          .then(function (r) { tries = 0; return send(id, r.received); });
      }
      function finish(id) {
        stored(mark, null);
        var hidden = make('input'); hidden.type = 'hidden'; hidden.name = name; hidden.value = id;
        li.appendChild(hidden); bar.value = bar.max; note.textContent = say('done'); stop();
      }
      function failed(e) {
        if (gone) return;
        // A refusal stays a refusal; 409 tells that the offset was wrong, which asking again mends; the rest is the line.
        if (e.status && e.status !== 409 && e.status !== 429 && e.status < 500) { stored(mark, null); problem(e.message); return; }
        if (++tries > 8) { problem(e.message); return; }
        var wait = Math.min(30, Math.pow(2, tries - 1));
        note.textContent = say('retrying', wait);
        setTimeout(function () { if (!gone) run(); }, wait * 1000);
      }
    }
    function settle() {
      if (waiting && running === 0) {
        waiting = false;
        if (!one('li.bad', list)) submit(form, waitingButton);
      }
    }
    doc.addEventListener('submit', function (e) { // on the document: before htmx, which listens on the form
      if (running === 0 || e.target !== form) return;
      e.preventDefault(); e.stopImmediatePropagation();
      waiting = true; waitingButton = e.submitter;
      toast(say('afterUpload'));
    }, true);
    var zone = input.closest('.drop');
    if (zone) {
      ['dragenter', 'dragover'].forEach(function (n) { zone.addEventListener(n, function (e) { e.preventDefault(); zone.classList.add('over'); }); });
      ['dragleave', 'drop'].forEach(function (n) { zone.addEventListener(n, function () { zone.classList.remove('over'); }); });
      zone.addEventListener('drop', function (e) {
        e.preventDefault();
        if (!e.dataTransfer.files.length) return;
        input.files = e.dataTransfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      });
    }
  }

  // ---- forms that were typed in ask before they are left -------------------------------------------------------------
  doc.addEventListener('input', function (e) { var f = e.target.form; if (f && f.hasAttribute('data-guard')) f.coDirty = true; });
  doc.addEventListener('submit', function (e) { if (!e.defaultPrevented) e.target.coDirty = false; });
  body.addEventListener('htmx:afterRequest', function (e) { if (e.detail.successful && e.target.tagName === 'FORM') e.target.coDirty = false; });
  window.addEventListener('beforeunload', function (e) {
    if (all('form[data-guard]').some(function (f) { return f.coDirty; })) { e.preventDefault(); e.returnValue = say('leave'); }
  });
  // A second click on the same button must not send twice.
  doc.addEventListener('submit', function (e) {
    if (e.defaultPrevented || e.target.method !== 'post' || e.target.hasAttribute('hx-post')) return;
    if (e.target.coSent && Date.now() - e.target.coSent < 4000) { e.preventDefault(); return; }
    e.target.coSent = Date.now();
  });

  // ---- whatever comes into the page ----------------------------------------------------------------------------------
  function refresh(content) {
    var within = content && content.nodeType === 1 && content.parentNode ? content.parentNode : doc;
    showTimes(within);
    all('input[type="file"][data-upload]', within).forEach(uploads);
    comeBack();
    all('[data-bulk]', within).forEach(function (b) { showSelection(scopeOf(b)); });
    all('.gscroll', within).forEach(function (g) { // a long graph opens at the present or at its end, not at the beginning
      if (g.coReady) return;
      g.coReady = true;
      var now = one('.nowl', g);
      if (g.scrollWidth > g.clientWidth) g.scrollLeft = now ? g.scrollLeft + now.getBoundingClientRect().right - g.getBoundingClientRect().right + 180 : g.scrollWidth;
    });
    var first = one('[data-queue] [data-row].cur') || !current() && one('[data-queue] [data-row]');
    if (first) setCurrent(first, false);
  }
  all('[data-toast]').forEach(function (t) {
    var b = one('button[data-undo]', t);
    if (b) { lastUndo = b; b.addEventListener('click', function () { undo(b.getAttribute('data-undo')); }); }
    toastBox().appendChild(t); arm(t, b ? 12000 : 6000);
  });
  // ---- what was typed before the session ended, back into its form -------------------------------------------------------
  (function () {
    var at = one('[data-kept]'), kept;
    if (!at) return;
    try { kept = JSON.parse(at.getAttribute('data-kept')); } catch (e) { return; }
    history.replaceState(null, '', location.pathname + location.search.replace(/([?&])kept=[^&]*&?/, '$1').replace(/[?&]$/, ''));
    var names = Object.keys(kept.fields || {});
    function path(form) { var u = new URL(form.getAttribute('action') || location.href, location.href); return u.pathname + u.search; }
    function known(form) { // of forms with the same fields it is the one with the same hidden values: the step of an order
      return names.reduce(function (sum, n) { var f = form.elements[n]; return sum + (!f ? 0 : f.type === 'hidden' && f.value === kept.fields[n][0] ? 3 : 1); }, 0);
    }
    var forms = all('main form').filter(function (f) { return (f.method || '').toLowerCase() === 'post' && known(f) > 0; })
      .sort(function (a, b) { return (path(b) === kept.action) - (path(a) === kept.action) || known(b) - known(a); });
    var form = forms[0];
    if (!form) return;
    names.forEach(function (name) {
      var values = kept.fields[name].slice();
      Array.prototype.slice.call(form.elements).filter(function (f) { return f.name === name && f.type !== 'file' && f.type !== 'submit'; }).forEach(function (f) {
        if (f.type === 'hidden') { values.shift(); return; } // what the page itself put there is the page's: versions, ids
        if (f.type === 'checkbox' || f.type === 'radio') { f.checked = kept.fields[name].indexOf(f.value) >= 0; return; }
        if (f.tagName === 'SELECT' && f.multiple) { all('option', f).forEach(function (o) { o.selected = kept.fields[name].indexOf(o.value) >= 0; }); return; }
        if (values.length) f.value = values.shift();
        f.dispatchEvent(new Event('input', { bubbles: true }));
      });
    });
    for (var e = form.parentNode; e && e !== doc; e = e.parentNode) {
      if (e.tagName === 'DETAILS') e.open = true;
      if (e.tagName === 'DIALOG' && !e.open && e.showModal) e.showModal();
    }
    var first = Array.prototype.slice.call(form.elements).filter(function (f) { return visible(f) && names.indexOf(f.name) >= 0; })[0];
    if (first) first.focus();
  })();
  refresh(doc);

  window.co = { toast: toast, words: words };
})();
