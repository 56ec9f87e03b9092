// The viewer of a photo or a clip: the small picture first, then the large one; zoom, turning, single frames.
"use strict";

(() => {
  const stage = document.getElementById("khung");
  const tools = document.querySelector("[data-tools]");
  const picture = stage.querySelector("img[data-full]");
  const film = stage.querySelector("video");
  const player = film || stage.querySelector("audio");
  const FRAME = 1 / 25; // seconds: how far one step goes where the browser does not tell the frames of the film
  let length = FRAME;

  tools.hidden = false;
  stage.addEventListener("contextmenu", (event) => event.preventDefault());

  // ---- a picture: the clear one at once, but on a slow or costly line only when it is asked for
  const line = navigator.connection;
  const slow = Boolean(line && (line.saveData || /(^|-)(2g|3g)$/.test(line.effectiveType || "")));
  function clear() {
    if (!picture || !picture.dataset.full) return;
    const large = new Image();
    large.addEventListener("load", () => { picture.src = large.src; });
    large.src = picture.dataset.full;
    delete picture.dataset.full;
    const button = tools.querySelector("[data-do=full]");
    if (button) button.hidden = true;
  }
  if (picture) {
    if (slow) tools.querySelector("[data-do=full]").hidden = false;
    else clear();
  }

  // ---- a film: how long its frames last is learnt while it plays
  if (film && film.requestVideoFrameCallback) {
    let last = null;
    const learn = (_, frame) => {
      const step = last === null ? 0 : frame.mediaTime - last;
      if (step > 0.005 && step < 0.2) length = Math.min(length, step);
      last = frame.mediaTime;
      film.requestVideoFrameCallback(learn);
    };
    film.requestVideoFrameCallback(learn);
  }
  function frame(step) {
    film.pause();
    const end = Number.isFinite(film.duration) ? film.duration : film.currentTime + 1;
    if (film.readyState === 0) { film.preload = "auto"; film.load(); }
    film.currentTime = Math.min(Math.max(0, film.currentTime + step * length), end);
  }

  const zooms = ["1", "2", "4"];
  function zoom(step) {
    clear();
    const at = zooms.indexOf(stage.dataset.zoom) + step;
    stage.dataset.zoom = zooms[Math.max(0, Math.min(at, zooms.length - 1))];
    stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, (stage.scrollHeight - stage.clientHeight) / 2);
  }
  const acts = {
    in: () => zoom(1),
    out: () => zoom(-1),
    full: clear,
    turn: () => { stage.dataset.turn = String((Number(stage.dataset.turn) + 1) % 4); },
    wide: () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()),
    back: () => frame(-1),
    on: () => frame(1),
    less: () => { player.currentTime = Math.max(0, player.currentTime - 5); },
    more: () => { player.currentTime += 5; },
  };
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) acts[button.dataset.do]();
  });
  const speed = tools.querySelector("[data-speed]");
  if (speed) speed.addEventListener("change", () => { player.playbackRate = Number(speed.value); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const act = picture ? { "+": "in", "=": "in", "-": "out" }[event.key] : film && { ",": "back", ".": "on" }[event.key];
    if (act) { event.preventDefault(); acts[act](); }
  });
})();
