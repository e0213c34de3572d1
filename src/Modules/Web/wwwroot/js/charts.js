// Draws the charts of a page with ECharts: <div class="chart" data-chart='{"names":[],"filed":[],"closed":[],"labels":[],"hrefs":[[],[]]}'>picture</div>.
// Without the script, or before it has come, the picture inside stays; a click on a bar opens the list behind it.
(() => {
  'use strict';
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim();
  for (const place of document.querySelectorAll('[data-chart]')) {
    const data = JSON.parse(place.dataset.chart);
    const picture = place.querySelector('svg');
    const room = document.createElement('div');
    room.className = 'chart-room';
    room.setAttribute('aria-hidden', 'true');
    place.prepend(room);
    // the picture with its links stays for the keyboard: it shows while something in it has the focus
    if (picture) {
      const kept = document.createElement('div');
      kept.className = 'chart-picture';
      picture.replaceWith(kept);
      kept.append(picture);
    }
    const chart = window.echarts.init(room, null, { renderer: 'svg' });
    const font = { color: colour('--co-ink-2') };
    chart.setOption({
      animation: false, color: [colour('--co-blue-600'), colour('--co-ink-3')],
      grid: { left: 36, right: 8, top: 28, bottom: 24 }, legend: { top: 0, right: 0, textStyle: font }, tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: data.names.map(name => name.slice(2)), axisLabel: font }, yAxis: { type: 'value', minInterval: 1, axisLabel: font },
      series: [data.filed, data.closed].map((values, i) => ({ name: data.labels[i], type: 'bar', data: values, cursor: 'pointer' })),
    });
    chart.on('click', at => { location.href = data.hrefs[at.seriesIndex][at.dataIndex]; });
    addEventListener('resize', () => chart.resize());
  }
})();
