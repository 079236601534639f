// What a measured page is given before its own scripts run: a recorder of animation frames, and a way to wait until
// something is on the screen. Times are milliseconds; moments are the machine's clock, so that they can be compared
// with when another process wrote something.
(() => {
  const moment = () => performance.timeOrigin + performance.now();
  // The task after a frame's callbacks runs when their changes have been laid out and painted.
  const painted = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(0);
  };

  let gaps = [];
  let last = 0;
  let recording = false;
  const frame = () => {
    if (!recording) return;
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };

  const roots = [];
  const find = (root, selector) => {
    const found = root.querySelector(selector);
    if (found !== null) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot === null ? null : find(element.shadowRoot, selector);
      if (inside !== null) {
        roots.push(element.shadowRoot);
        return inside;
      }
    }
    return null;
  };

  window.bench = {
    // Record the time between animation frames, from the next one on.
    record() {
      gaps = [];
      last = performance.now();
      recording = true;
      requestAnimationFrame(frame);
    },
    // The gaps so far; that which has not ended yet counts, too. Recording ends.
    recorded() {
      recording = false;
      return [...gaps, performance.now() - last];
    },
    // An element of this document or of any element's shadow in it, the last place looked at first.
    find(selector) {
      for (const root of roots) {
        const found = root.querySelector(selector);
        if (found !== null) return found;
      }
      roots.length = 0;
      return find(document, selector);
    },
    // Whether an element is there, within the window, and says something that begins like this.
    shows(selector, start) {
      const element = this.find(selector);
      if (element === null || element.textContent === "" || !element.textContent.startsWith(start)) return false;
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > top && top < innerHeight && bottom > 0;
    },
    // When `test` has come true and a frame has been painted since; null when it has not in time.
    async when(test, patience) {
      const end = performance.now() + patience;
      for (;;) {
        if (test()) return await new Promise((resolve) => painted(() => resolve(moment())));
        if (performance.now() > end) return null;
        await new Promise(requestAnimationFrame);
      }
    },
    // The same from the start of the navigation: `took` is the time, or null.
    since(test, patience) {
      this.took = this.when(test, patience).then((at) => (at === null ? null : at - performance.timeOrigin));
    },
    moment,
  };
})();
