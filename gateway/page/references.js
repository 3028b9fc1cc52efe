// The reference price of one instrument as the feed tells it, and those of the trading days before.
import {element, byId, setText} from './dom.js';
import {price, count} from './format.js';
import {getJson} from './api.js';

const daysBack = 90;
const madeBy = {
  closing_call: 'closing call',
  vwap: 'average of the last trades',
  previous: 'as before: nothing traded',
  set_by_hand: 'set by hand',
};

export class References {
  show(instrument) {
    this.instrument = instrument;
    this.told = null;
    setText(byId('reference-note'), '');
    byId('references').hidden = true;
    byId('reference-rows').replaceChildren();
    byId('reference-csv').href = `/api/v1/instruments/${instrument.key}/reference-prices?page_size=1000&format=csv`;
  }

  // A message of the channel `stats`.
  take({reference}) {
    const told = JSON.stringify(reference);
    if (told === this.told) return;
    this.told = told;
    setText(byId('reference-note'), this.describe(reference));
    if (reference?.day) this.load(reference.day);
  }

  describe(reference) {
    if (!reference) return '';
    const {terms} = this.instrument;
    const made = `${madeBy[reference.method]}${reference.day ? ` of ${reference.day}` : ''}`;
    const of = reference.trades === '0' ? '' : `, ${count(reference.volume)} contracts`;
    return `Reference price ${price(reference.price, terms)} ${terms.currency}: ${made}${of}`;
  }

  async load(day) {
    const {instrument} = this;
    const from = new Date(Date.parse(day) - daysBack * 86400000).toISOString().slice(0, 10);
    try {
      const {prices} = await getJson(`/api/v1/instruments/${instrument.key}/reference-prices?from=${from}`);
      if (instrument !== this.instrument) return;
      byId('references').hidden = prices.length === 0;
      byId('reference-rows').replaceChildren(...prices.toReversed().map((one) => element(
          'tr', {}, element('th', {scope: 'row'}, one.day),
          element('td', {class: 'number'}, price(one.price, instrument.terms)),
          element('td', {}, madeBy[one.method]),
          element('td', {class: 'number'}, count(one.volume)))));
    } catch {
      // The connection state says enough.
    }
  }
}
