/* Active time: seconds with the tab in sight and somebody at it. After two minutes without a sign of life it pauses. */

const TICK_MS = 1_000;
const IDLE_MS = 120_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "scroll"];

class Clock {
  constructor({ onPause, onResume }) {
    this.onPause = onPause;
    this.onResume = onResume;
    this.isPaused = false;
    this.isRunning = false;
    this.session = 0;
    this.start(0);
    this.lastSign = this.lastTick = Date.now();
    const sign = () => { if (!this.isPaused) this.lastSign = Date.now(); };
    for (const kind of SIGNS) document.addEventListener(kind, sign, { capture: true, passive: true });
    document.addEventListener("visibilitychange", () => this.tick());
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /* A trial begins, or goes on with the seconds that it already took. */
  start(seconds) {
    this.seconds = seconds;
    this.ticks = [];
  }

  tick() {
    const now = Date.now();
    const passed = Math.min(now - this.lastTick, 2 * TICK_MS) / 1000;
    this.lastTick = now;
    const wasSeen = !this.wasHidden;
    this.wasHidden = document.hidden;
    if (this.isPaused || !this.isRunning) return;
    if (now - this.lastSign >= IDLE_MS) {
      this.isPaused = true;
      this.onPause();
    } else if (wasSeen && !document.hidden) {
      this.seconds += passed;
      this.session += passed;
      this.ticks.push(Math.round(1000 * passed) / 1000);
    }
  }

  resume() {
    this.isPaused = false;
    this.lastSign = this.lastTick = Date.now();
    this.onResume();
  }
}
