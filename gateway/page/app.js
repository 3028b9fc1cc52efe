// The market page: instruments, live depth and trades of one, cancellation statements.
import {element, byId, setText, oncePerFrame} from './dom.js';
import {price, contractOf, dateAndTime} from './format.js';
import {getJson} from './api.js';
import {Feed} from './feed.js';
import {Depth} from './depth.js';
import {Trades} from './trades.js';
import {PriceChart, DepthChart} from './charts.js';
import {References} from './references.js';
import {StatementLookup} from './statement.js';
import './theme.js';

const watchedInstruments = 400;  // below the node's limit of subscriptions per connection
const statusEvery = 10000;
const instrumentsEvery = 30000;

const depth = new Depth();
const trades = new Trades();
const lookup = new StatementLookup();
const priceChart = new PriceChart();
const references = new References();
const depthChart = new DepthChart(depth);
const instruments = new Map();  // "ins-1" -> {key, code, name, terms, bid, ask, last, row}
let selected = null;

const feed = new Feed(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
                      showConnection);

function showConnection(state, seconds) {
  const text = {
    connecting: 'Connecting',
    open: 'Live',
    waiting: `Connection lost, trying again in ${seconds} s`,
  }[state];
  byId('connection').dataset.state = state;
  setText(byId('connection-text'), text);
  if (state === 'open') refresh();
}

function refresh() {
  loadStatus();
  loadInstruments();
}

// ---- the node ----

async function loadStatus() {
  let status;
  try {
    status = await getJson('/api/v1/status');
  } catch {
    return;  // the connection state says enough
  }
  if (status.venue) setText(byId('venue'), status.venue);
  setText(byId('node'),
          [status.version && `Origo ${status.version}`,
           status.rules_version && `rules ${status.rules_version}`,
           status.sync_policy && `sync policy ${status.sync_policy}`,
           status.sequence && `sequence ${status.sequence}`,
           Number(status.started_at) > 0 && `since ${dateAndTime(status.started_at)}`]
              .filter(Boolean).join(' · '));
  const relaxed = [status.relaxations?.four_eyes && 'one user suffices where two are required',
                   status.relaxations?.holds && 'withdrawals and exports are not held']
                      .filter(Boolean);
  const banners = [];
  if (status.accepting === false) {
    banners.push(['error', 'Not accepting orders', status.trouble || 'Reading goes on.']);
  }
  if (status.banner) {
    banners.push(['info', 'Notice', status.banner]);
  } else if (relaxed.length > 0) {
    banners.push(['info', 'Relaxed rules', `${relaxed.join('; ')}.`]);
  }
  if (status.sync_policy && status.sync_policy !== 'always') {
    banners.push(['warning', `Sync policy ${status.sync_policy}`,
                  'What was acknowledged last may be lost if this machine fails.']);
  }
  const made = banners.map(
      ([kind, title, text]) => element('p', {class: `banner ${kind}`},
                                       element('strong', {}, title), ' ', text));
  if (byId('banners').textContent !== made.map((banner) => banner.textContent).join('')) {
    byId('banners').replaceChildren(...made);
  }
}

// ---- instruments ----

async function loadInstruments() {
  const found = [];
  try {
    let token = '';
    do {
      const page = await getJson(
          `/api/v1/instruments?page_size=200${token && `&page_token=${encodeURIComponent(token)}`}`);
      found.push(...(page.instruments ?? []));
      token = page.next_page_token ?? '';
    } while (token && found.length < watchedInstruments);
  } catch {
    if (instruments.size === 0) setText(byId('instruments-empty'), 'Instruments are not available');
    return;
  }
  for (const data of found.slice(0, watchedInstruments)) addInstrument(data);
  setText(byId('instruments-empty'), 'No instruments yet');
  byId('instruments-empty').hidden = instruments.size > 0;
  applyFilter();
  if (!selected) chooseFromAddress();
}

function addInstrument(data) {
  const key = `ins-${data.instrument}`;
  if (instruments.has(key)) return;
  const name = element('span', {class: 'long'}, data.name || '');
  const button = element('button', {type: 'button', class: 'pick'},
                         element('span', {class: 'code'}, data.code || key), name);
  const cell = () => element('td', {class: 'number'}, '–');
  const row = element('tr', {'data-instrument': key}, element('th', {scope: 'row'}, button),
                      cell(), cell(), cell());
  row.addEventListener('click', () => select(key));
  const last = Number(data.last_price) > 0 ? data.last_price : null;
  const instrument = {...data, key, row, button, bid: null, ask: null, last};
  instrument.draw = oncePerFrame(() => drawQuote(instrument));
  instruments.set(key, instrument);
  byId('instruments').append(row);
  instrument.draw();
  feed.subscribe('book.l1', key, (message) => {
    instrument.bid = message.bid?.[0] ?? null;
    instrument.ask = message.ask?.[0] ?? null;
    instrument.last = message.last ?? instrument.last;
    instrument.draw();
  });
}

function drawQuote({row, bid, ask, last, terms}) {
  [bid, ask, last].forEach((ticks, i) => {
    setText(row.cells[i + 1], ticks === null ? '–' : price(ticks, terms));
  });
}

function applyFilter() {
  const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const {key, code, name, row, terms} of instruments.values()) {
    const text = `${key} ${code} ${name} ${terms.currency} ${contractOf(terms)}`.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}

function select(key) {
  const instrument = instruments.get(key);
  if (!instrument || instrument === selected) return;
  if (selected) {
    feed.unsubscribe(depthChannel(), selected.key);
    feed.unsubscribe('trades', selected.key);
    feed.unsubscribe('stats', selected.key);
    selected.row.classList.remove('selected');
    selected.button.removeAttribute('aria-current');
  }
  selected = instrument;
  byId('combined-choice').hidden = !isRelated(instrument);
  instrument.row.classList.add('selected');
  instrument.button.setAttribute('aria-current', 'true');
  depth.show(instrument);
  trades.show(instrument);
  priceChart.show(instrument);
  references.show(instrument);
  depthChart.show(instrument);
  feed.subscribe(depthChannel(), key, (message) => depth.take(message));
  feed.subscribe('trades', key, (message) => {
    trades.take(message);
    if (message.type !== 'snapshot') priceChart.take();
  });
  feed.subscribe('stats', key, (message) => references.take(message));
  if (!location.hash.startsWith('#can-')) history.replaceState(null, '', `#${key}`);
}

// Whether its orders meet those of other instruments.
function isRelated({narrower, wider}) {
  return (narrower?.length ?? 0) + (wider?.length ?? 0) > 0;
}

function depthChannel() {
  return byId('combined').checked && isRelated(selected) ? 'book.combined' : 'book.l2';
}

byId('combined').addEventListener('change', () => {
  if (!selected) return;
  for (const channel of ['book.l2', 'book.combined']) feed.unsubscribe(channel, selected.key);
  depth.show(selected);
  feed.subscribe(depthChannel(), selected.key, (message) => depth.take(message));
});

// ---- the address ----

function chooseFromAddress() {
  const name = location.hash.slice(1);
  if (name.startsWith('can-')) lookup.open(name);
  if (instruments.has(name)) {
    select(name);
  } else if (!selected && instruments.size > 0) {
    select(instruments.keys().next().value);
  }
}

byId('filter').addEventListener('input', applyFilter);
addEventListener('hashchange', chooseFromAddress);
setInterval(loadStatus, statusEvery);
setInterval(loadInstruments, instrumentsEvery);
