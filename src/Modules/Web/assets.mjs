// Copies the files the host serves out of node_modules into wwwroot/lib and draws the icon sprite.
// A module that needs an icon more names it in a file icons.txt of its own folder, one a line.
// No bundler: `npm ci && node assets.mjs`. wwwroot/lib is not committed.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const from = (...parts) => join(here, 'node_modules', ...parts);
const to = (...parts) => join(here, 'wwwroot', 'lib', ...parts);

// Tabler's outline icons in use. A name that does not exist ends the build.
const declared = readdirSync(join(here, '..')).map(module => join(here, '..', module, 'icons.txt')).filter(file => existsSync(file))
  .flatMap(file => readFileSync(file, 'utf8').trim().split(/\s+/));
const icons = [...new Set(`
  adjustments alert-triangle align-left archive arrow-back-up arrow-down arrow-left arrow-narrow-right arrow-right
  arrow-up arrows-exchange award award-off ban bell bookmark briefcase building building-bank building-community
  calculator calendar calendar-check calendar-due calendar-event calendar-plus calendar-time chart-bar chart-line check checks chevron-down
  chevron-left chevron-right chevron-up circle circle-check circle-dashed circle-dot circle-x clipboard clipboard-check
  clock clock-pause cloud-off code coin columns-3 copy corner-up-left database device-desktop device-floppy device-mobile
  dots download edit external-link eye eye-off file file-alert file-certificate file-check file-description file-export
  file-import file-off file-plus file-search file-text file-type-pdf file-upload filter flag flag-2 folder folder-open
  folders gavel git-branch git-fork git-merge hand-stop hash help help-circle history home hourglass hourglass-low id
  inbox info-circle key keyboard language layout-columns layout-dashboard layout-grid layout-list link list list-check
  list-details list-numbers loader-2 lock lock-open login logout mail mail-check mail-fast mail-off mail-opened map-pin
  maximize menu-2 message message-2 message-plus microphone minus mood-empty network news note notebook notes package
  paperclip pencil phone phone-call phone-off photo pin player-pause player-play plug plus power printer progress-check
  qrcode receipt refresh refresh-alert reload repeat report report-search robot rotate rotate-clockwise route rubber-stamp
  ruler scale scan search select send send-2 server server-off settings settings-automation shield shield-check shield-lock
  shield-x sitemap sort-ascending sort-descending stack-2 star switch-horizontal table tag text-size timeline
  timeline-event tool transfer trash truck truck-delivery typography upload user user-check user-off user-plus user-question
  users users-group versions video wallet wand world writing x zoom-in zoom-in-area zoom-out
`.trim().split(/\s+/).concat(declared))];

rmSync(to(), { recursive: true, force: true });
for (const folder of ['', 'tabler', 'pdfjs', 'pdfjs/cmaps', 'pdfjs/standard_fonts']) mkdirSync(to(folder), { recursive: true });

// --- icons ---------------------------------------------------------------------------------------------------------
const unknown = icons.filter(name => !existsSync(from('@tabler/icons/icons/outline', `${name}.svg`)));
if (unknown.length) throw new Error(`No such icon: ${unknown.join(', ')}`);
const symbols = icons.map(name => {
  const shapes = readFileSync(from('@tabler/icons/icons/outline', `${name}.svg`), 'utf8')
    .replace(/^[^]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '')
    .split('\n').map(line => line.trim()).filter(line => line && !line.includes('stroke="none" d="M0 0h24v24H0z"')).join('');
  // The outline inherits stroke and fill from the place of use: class "i" in site.css.
  return `<symbol id="${name}" viewBox="0 0 24 24" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
});
writeFileSync(to('icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`);

// --- Tabler --------------------------------------------------------------------------------------------------------
// Its pictures are data: URLs, which `default-src 'self'` refuses: each becomes a file.
const css = readFileSync(from('@tabler/core/dist/css/tabler.min.css'), 'utf8')
  .replace(/url\("data:image\/svg\+xml,((?:[^"\\]|\\.)*)"\)/g, (_, data) => {
    const svg = decodeURIComponent(data.replace(/%(?![0-9a-f]{2})/gi, '%25'));
    const name = `${createHash('sha256').update(svg).digest('hex').slice(0, 10)}.svg`;
    writeFileSync(to('tabler', name), svg);
    return `url("${name}")`;
  })
  .replace(/\/\*# sourceMappingURL=.*?\*\//, '');
if (css.includes('url("data:')) throw new Error('Tabler still holds a data: URL');
writeFileSync(to('tabler', 'tabler.min.css'), css);

// --- scripts -------------------------------------------------------------------------------------------------------
const script = (source, target) =>
  writeFileSync(to(target), readFileSync(from(source), 'utf8').replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n'));
script('htmx.org/dist/htmx.min.js', 'htmx.min.js');
script('echarts/dist/echarts.common.min.js', 'echarts.min.js');

// pdf.js 3: the last major version whose legacy build runs on Chromium 86 as plain scripts. viewer.js turns off its use of eval.
script('pdfjs-dist/legacy/build/pdf.min.js', 'pdfjs/pdf.min.js');
script('pdfjs-dist/legacy/build/pdf.worker.min.js', 'pdfjs/pdf.worker.min.js');
for (const folder of ['cmaps', 'standard_fonts']) {
  for (const name of readdirSync(from('pdfjs-dist', folder))) copyFileSync(from('pdfjs-dist', folder, name), to('pdfjs', folder, name));
}

console.log(`${icons.length} icons, ${readdirSync(to('tabler')).length - 1} pictures, scripts of htmx, ECharts and pdf.js`);
