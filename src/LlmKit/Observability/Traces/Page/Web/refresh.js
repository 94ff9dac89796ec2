// Reads a live page again every few seconds, if its reader wants that: off at first, and at rest while nobody sees the page.
const refreshEvery = 5_000;

function autoRefresh(app, redraw) {
  let isOn = false, isBusy = false, timer = null;
  async function again() {
    if (!isOn || isBusy || document.hidden || !app.refresh) return;
    isBusy = true;
    try { await app.refresh(); app.refreshFailed = false; } catch { app.refreshFailed = true; } finally { isBusy = false; }
    redraw();
  }
  // A hidden page has no timer at all.
  function set() {
    clearInterval(timer);
    timer = isOn && !document.hidden ? setInterval(again, refreshEvery) : null;
    document.documentElement.dataset.refreshing = String(timer !== null);
  }
  document.addEventListener("visibilitychange", () => { set(); again(); });
  return {
    get isOn() { return isOn; },
    toggle: () => {
      isOn = !isOn;
      set();
      announce(isOn ? "The page reads again every " + refreshEvery / 1000 + " seconds" : "The page stands still");
      redraw();
      again();
    },
  };
}
