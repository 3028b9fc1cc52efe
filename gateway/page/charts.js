// The charts of one instrument: what it traded for, and what could be bought and sold at each price.
// uPlot (uplot.js, MIT licence) draws them.
import {byId, setText, oncePerFrame} from './dom.js';
import {Plot, axis, colour} from './plot.js';
import {price, count, unitsOfPrice} from './format.js';
import {getJson} from './api.js';

const shownCandles = 300;
const spans = {'1m': 60, '5m': 300, '15m': 900, '1h': 3600, '1d': 86400, '1w': 7 * 86400, '1mo': 31 * 86400};
const refreshAfter = 1000;  // ms between looks at the candles while trades come in
const anyPrice = '0';  // as in depth.js

// Prices over time: the close of each span, its range behind it, and the contracts traded below.
export class PriceChart {
  constructor() {
    this.candles = [];
    this.plot = new Plot('price-plot', {
      legend: {show: false},
      scales: {x: {range: (_, first, last) => this.around(first, last)}, v: {range: (_, __, most) => [0, most * 4 || 1]}},
      axes: [axis({}), axis({size: 70}), {show: false, scale: 'v'}],
      series: [
        {},
        {label: 'high', stroke: 'transparent', points: {show: false}},
        {label: 'low', stroke: 'transparent', points: {show: false}},
        {label: 'close', stroke: () => colour('--accent'), width: 2, points: {size: 4}},
        {label: 'contracts', scale: 'v', stroke: () => colour('--line'), fill: () => colour('--line'),
         paths: window.uPlot.paths.bars({size: [0.7, 40]}), points: {show: false}},
      ],
      bands: [{series: [1, 2], fill: () => colour('--chosen')}],
    });
    byId('interval').addEventListener('change', () => this.load());
  }

  show(instrument) {
    this.instrument = instrument;
    this.candles = [];
    this.plot.clear();
    this.render();
    this.load();
  }

  // A trade has happened: look again, but not more often than once in a while.
  take() {
    if (this.waiting) return;
    this.waiting = setTimeout(() => {
      this.waiting = null;
      this.load();
    }, refreshAfter);
  }

  async load() {
    const {instrument} = this;
    if (!instrument) return;
    const interval = byId('interval').value;
    const path = `/api/v1/instruments/${instrument.key}/candles?interval=${interval}`;
    byId('price-csv').href = `${path}&page_size=1000&format=csv`;
    try {
      const found = [];
      // The node's clock says how far back the last candles reach.
      const now = Number(BigInt((await getJson('/api/v1/status')).time) / 1000000000n);
      const from = BigInt(Math.max(now - shownCandles * spans[interval], 1)) * 1000000000n;
      let token = String(from);
      do {
        const page = await getJson(`${path}&page_size=1000&page_token=${token}`);
        found.push(...page.candles);
        token = page.next_page_token;
      } while (token);
      if (instrument !== this.instrument || interval !== byId('interval').value) return;
      this.candles = found;
      this.render();
    } catch {
      // The connection state says enough.
    }
  }

  render() {
    const {instrument, candles} = this;
    byId('price-empty').hidden = candles.length > 0;
    setText(byId('price-note'), this.describe());
    if (candles.length === 0) return this.plot.show(null);
    const unit = (ticks) => unitsOfPrice(ticks, instrument.terms);
    this.plot.show([
      candles.map(({start}) => Number(BigInt(start) / 1000000n) / 1000),
      candles.map(({high}) => unit(high)),
      candles.map(({low}) => unit(low)),
      candles.map(({close}) => unit(close)),
      candles.map(({volume}) => Number(volume)),
    ]);
  }

  // A single span is shown with some time around it.
  around(first, last) {
    const room = spans[byId('interval').value] * (first === last ? 5 : 0.5);
    return [first - room, last + room];
  }

  // The chart in words.
  describe() {
    const {instrument, candles} = this;
    if (!instrument || candles.length === 0) return '';
    const compare = (a, b) => (BigInt(a) < BigInt(b) ? -1 : 1);
    const low = candles.map((candle) => candle.low).sort(compare)[0];
    const high = candles.map((candle) => candle.high).sort(compare).at(-1);
    const volume = candles.reduce((sum, candle) => sum + BigInt(candle.volume), 0n);
    return `${price(low, instrument.terms)} to ${price(high, instrument.terms)} ${instrument.terms.currency}, ` +
        `last ${price(candles.at(-1).close, instrument.terms)}, ${count(volume)} contracts`;
  }
}

// What could be bought (bids at or above) and sold (offers at or below) at each price. In a call the two
// lines cross: there it would find its price.
export class DepthChart {
  constructor(depth) {
    this.depth = depth;
    const stepped = (align) => window.uPlot.paths.stepped({align});
    this.plot = new Plot('depth-plot', {
      legend: {show: false},
      scales: {x: {time: false}, y: {range: (_, __, most) => [0, most || 1]}},
      axes: [axis({}), axis({size: 80})],
      series: [
        {},
        {label: 'bids', stroke: () => colour('--buy'), fill: () => colour('--buy-bar'), width: 2,
         paths: stepped(-1), points: {show: false}},
        {label: 'offers', stroke: () => colour('--sell'), fill: () => colour('--sell-bar'), width: 2,
         paths: stepped(1), points: {show: false}},
      ],
    });
    this.draw = oncePerFrame(() => this.render());
    depth.onChange = () => this.draw();
  }

  show(instrument) {
    this.instrument = instrument;
    this.plot.clear();
    this.draw();
  }

  render() {
    const {bids, asks} = this.depth;
    const limits = [...new Set([...bids.keys(), ...asks.keys()])].filter((ticks) => ticks !== anyPrice)
        .map(BigInt).sort((a, b) => (a < b ? -1 : 1));
    byId('curve-empty').hidden = limits.length > 0;
    if (limits.length === 0 || !this.instrument) {
      setText(byId('curve-note'), '');
      return this.plot.show(null);
    }
    const at = (side, ticks) => BigInt(side.get(String(ticks))?.[0] ?? 0);
    let sum = at(asks, anyPrice);
    const offered = limits.map((ticks) => (sum += at(asks, ticks)));
    sum = at(bids, anyPrice);
    const wanted = limits.toReversed().map((ticks) => (sum += at(bids, ticks))).reverse();
    setText(byId('curve-note'), this.describe(limits, wanted, offered));
    this.plot.show([limits.map((ticks) => unitsOfPrice(ticks, this.instrument.terms)), wanted.map(Number),
                    offered.map(Number)]);
  }

  // Where the lines cross: the price at which most would trade.
  describe(limits, wanted, offered) {
    const volume = limits.map((_, i) => (wanted[i] < offered[i] ? wanted[i] : offered[i]));
    const most = volume.reduce((a, b) => (a > b ? a : b));
    if (most === 0n) return 'Nothing crosses';
    const at = limits[volume.indexOf(most)];
    return `Crosses at ${price(at, this.instrument.terms)}: ${count(most)} contracts`;
  }
}
