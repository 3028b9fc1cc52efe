// The ladder of one instrument: what stands in its book, or can be traded there, best prices in the middle.
import {element, byId, setText, oncePerFrame} from './dom.js';
import {price, count, contractOf} from './format.js';

const shownLevels = 10;
const anyPrice = '0';  // orders that stand in a call without a limit come before all that have one

const ascending = (a, b) => (BigInt(a) < BigInt(b) ? -1 : 1);
function best(side, compare) {
  const limits = [...side.keys()].filter((ticks) => ticks !== anyPrice).sort(compare);
  return [...(side.has(anyPrice) ? [anyPrice] : []), ...limits].slice(0, shownLevels);
}

export class Depth {
  constructor() {
    this.bids = new Map();  // ticks -> [contracts, orders]
    this.asks = new Map();
    this.draw = oncePerFrame(() => this.render());
    this.onChange = () => {};
  }

  show(instrument) {
    this.instrument = instrument;
    this.bids.clear();
    this.asks.clear();
    setText(byId('depth-title'), instrument ? instrument.code : 'Depth');
    setText(byId('depth-note'),
            instrument ? `${instrument.name} · ${instrument.terms.currency} per contract of ` +
                contractOf(instrument.terms)
                       : 'Choose an instrument');
    this.draw();
  }

  take(message) {
    if (message.type === 'snapshot') {
      this.bids.clear();
      this.asks.clear();
    }
    for (const [side, levels] of [[this.bids, message.bids], [this.asks, message.asks]]) {
      for (const [ticks, contracts, orders] of levels) {
        if (orders === 0) {
          side.delete(ticks);
        } else {
          side.set(ticks, [contracts, orders]);
        }
      }
    }
    this.draw();
    this.onChange();
  }

  render() {
    const asks = best(this.asks, ascending);
    const bids = best(this.bids, (a, b) => ascending(b, a));
    let largest = 1n;
    for (const [side, prices] of [[this.asks, asks], [this.bids, bids]]) {
      for (const ticks of prices) {
        const contracts = BigInt(side.get(ticks)[0]);
        if (contracts > largest) largest = contracts;
      }
    }
    this.renderSide(byId('asks'), this.asks, asks.toReversed(), largest);
    this.renderSide(byId('bids'), this.bids, bids, largest);
    const limit = (prices) => prices.find((ticks) => ticks !== anyPrice);
    setText(byId('spread'), this.describeSpread(limit(bids), limit(asks)));
  }

  describeSpread(bid, ask) {
    if (bid === undefined && ask === undefined) return 'No orders';
    if (bid === undefined) return 'No bids';
    if (ask === undefined) return 'No offers';
    return `Spread ${price(BigInt(ask) - BigInt(bid), this.instrument.terms)}`;
  }

  // Reuses the rows by price, so that a change flashes where it happened.
  renderSide(body, side, prices, largest) {
    const rows = new Map([...body.rows].map((row) => [row.dataset.ticks, row]));
    const next = prices.map((ticks) => {
      const [contracts, orders] = side.get(ticks);
      let row = rows.get(ticks);
      if (!row) {
        row = element('tr', {'data-ticks': ticks},
                      element('th', {scope: 'row'}), element('td', {class: 'number'}),
                      element('td', {class: 'number'}));
      } else if (row.dataset.contracts !== contracts) {
        row.classList.remove('changed');
        void row.offsetWidth;  // restarts the animation
        row.classList.add('changed');
      }
      row.dataset.contracts = contracts;
      setText(row.cells[0], ticks === anyPrice ? 'Any price' : price(ticks, this.instrument.terms));
      setText(row.cells[1], count(contracts));
      setText(row.cells[2], String(orders));
      const share = Number(BigInt(contracts) * 720n / largest) / 10;  // leaves the price clear
      row.style.setProperty('--share', `${share}%`);
      return row;
    });
    const same = next.length === body.rows.length && next.every((row, i) => body.rows[i] === row);
    if (!same) body.replaceChildren(...next);
  }
}
