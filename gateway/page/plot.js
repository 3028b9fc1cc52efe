// What charts have in common. uPlot (uplot.js, MIT licence) draws them.
import {byId} from './dom.js';

const height = 260;

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function axis(extra) {
  return {stroke: () => colour('--soft'), grid: {stroke: () => colour('--line'), width: 1},
          ticks: {stroke: () => colour('--line'), width: 1}, ...extra};
}

// From a month before the first of some months to one behind the last, so that single ones have room.
export function around(months) {
  return [months[0] - 31 * 86400, months.at(-1) + 31 * 86400];
}

// Keeps a plot as wide as its place, and draws it anew when the colours change.
export class Plot {
  constructor(place, options) {
    this.place = byId(place);
    this.options = options;
    this.plot = null;
    new ResizeObserver(() => this.plot?.setSize(this.size())).observe(this.place);
    new MutationObserver(() => this.plot?.redraw()).observe(document.documentElement,
                                                             {attributeFilter: ['data-theme']});
  }

  size() {
    return {width: Math.max(this.place.clientWidth, 200), height};
  }

  // `data` as uPlot takes it; nothing to show: null.
  show(data) {
    this.place.hidden = data === null;
    if (data === null) return;
    if (this.plot) {
      this.plot.setData(data);
    } else {
      this.plot = new window.uPlot({...this.size(), ...this.options}, data, this.place);
    }
  }

  clear() {
    this.plot?.destroy();
    this.plot = null;
  }
}
