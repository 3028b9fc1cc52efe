// The last trades of one instrument, newest first.
import {element, byId, oncePerFrame} from './dom.js';
import {price, count, timeOfDay, isoTime} from './format.js';

const shownTrades = 50;

export class Trades {
  constructor() {
    this.trades = [];
    this.draw = oncePerFrame(() => this.render());
  }

  show(instrument) {
    this.instrument = instrument;
    this.trades = [];
    this.draw();
  }

  take(message) {
    const newestFirst = message.trades.toReversed();
    this.fresh = message.type === 'update' ? new Set(newestFirst.map((t) => t.trade)) : new Set();
    const before = message.type === 'snapshot' ? [] : this.trades;
    this.trades = [...newestFirst, ...before].slice(0, shownTrades);
    this.draw();
  }

  render() {
    byId('trades-empty').hidden = this.trades.length > 0;
    byId('trades').replaceChildren(...this.trades.map((trade) => this.row(trade)));
    this.fresh = new Set();
  }

  row(trade) {
    const bought = trade.aggressor === 'buy';
    return element(
        'tr', {class: this.fresh?.has(trade.trade) ? 'fresh' : null, 'data-trade': trade.trade},
        element('td', {}, element('time', {datetime: isoTime(trade.time)}, timeOfDay(trade.time))),
        element('td', {class: `number ${bought ? 'buy' : 'sell'}`},
                element('span', {'aria-hidden': 'true'}, bought ? '▲ ' : '▼ '),
                element('span', {class: 'hidden'}, bought ? 'bought at ' : 'sold at '),
                price(trade.price, this.instrument.terms)),
        element('td', {class: 'number'}, count(trade.quantity)));
  }
}
