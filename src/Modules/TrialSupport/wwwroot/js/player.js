// The recording page: the time of a note plays its segment from that second, here and not in a page of its own. #seg-2=35 in the address does the same.
(() => {
  function play(n, second) {
    const media = document.querySelector(`#seg-${n} audio, #seg-${n} video`);
    if (!media) return false;
    const go = () => { media.currentTime = second; media.play().catch(() => { /* the browser waits for a click */ }); };
    if (media.readyState >= 1) go();
    else { media.addEventListener('loadedmetadata', go, { once: true }); media.preload = 'metadata'; media.load(); }
    document.querySelector(`#seg-${n}`).scrollIntoView({ block: 'center' });
    media.focus();
    return true;
  }
  document.addEventListener('click', e => {
    const link = e.target.closest && e.target.closest('a[href*="/trial/recordings/"]');
    const to = link && /\/trial\/recordings\/\d+\/(\d+)#t=(\d+)/.exec(link.getAttribute('href'));
    if (to && !e.ctrlKey && !e.metaKey && play(to[1], Number(to[2]))) e.preventDefault();
  });
  const asked = /^#seg-(\d+)=(\d+)$/.exec(location.hash);
  if (asked) play(asked[1], Number(asked[2]));
})();
