// A list of the register as a table that grows by pages, and its parts.
import {element} from './dom.js';
import {getJson} from './api.js';
import {amount, count, period} from './format.js';

export const link = (kind, id) => element('a', {href: `/register/${kind}-${id}`}, `${kind}-${id}`);
export const statementLink = (id) => element('a', {href: `/#can-${id}`}, `can-${id}`);

// rows: [[name, value], ...]; what is empty is left out.
export function facts(rows) {
  return element('dl', {class: 'facts'},
                 ...rows.filter(([, value]) => value !== '' && value !== undefined && value !== null)
                     .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

export function card(title, note, ...content) {
  return element('section', {class: 'card', 'aria-label': title},
                 element('div', {class: 'card-head'},
                         element('div', {}, element('h2', {}, title), note && element('p', {class: 'note'}, note))),
                 ...content);
}

// columns: [[title, cell, isNumber], ...], where cell(item) is text or an element.
export function table(columns, items) {
  return element('div', {class: 'scroll', tabindex: '0', role: 'region'},
                 element('table', {},
                         element('thead', {}, element('tr', {}, ...columns.map(
                             ([title, , isNumber]) => element('th', {scope: 'col', class: isNumber && 'number'}, title)))),
                         element('tbody', {}, ...items.map((item) => row(columns, item)))));
}

function row(columns, item) {
  return element('tr', {}, ...columns.map(
      ([, cell, isNumber]) => element('td', isNumber ? {class: 'number'} : {}, cell(item))));
}

// A card with the list at `path`, page by page, and the same as CSV.
export class List {
  constructor({id, title, note, path, name, columns, empty}) {
    Object.assign(this, {path, name, columns});
    this.table = table(columns, []);
    this.empty = element('p', {class: 'empty'}, empty);
    this.more = element('button', {type: 'button', class: 'quiet more', hidden: ''}, 'Show more');
    this.more.addEventListener('click', () => this.load());
    const csv = element('a', {href: `${path}${path.includes('?') ? '&' : '?'}page_size=200&format=csv`,
                              download: `${name}.csv`}, 'CSV');
    this.card = card(title, note, this.table, this.empty, this.more);
    this.card.id = id;
    this.card.querySelector('.card-head').append(csv);
    this.token = '';
  }

  async load() {
    this.more.disabled = true;
    const token = this.token && `&page_token=${encodeURIComponent(this.token)}`;
    const page = await getJson(`${this.path}${this.path.includes('?') ? '&' : '?'}page_size=50${token}`);
    this.table.querySelector('tbody').append(...page[this.name].map((item) => row(this.columns, item)));
    this.token = page.next_page_token;
    this.more.hidden = !this.token;
    this.more.disabled = false;
    this.empty.hidden = this.table.querySelector('tbody').childElementCount > 0;
    this.table.hidden = !this.empty.hidden;
  }
}

export const amountOf = (units, {unit_size, dimension}) => amount(BigInt(units) * BigInt(unit_size), dimension);

const deviceColumns = [
  ['Device', (d) => link('dev', d.device)], ['Name', (d) => d.name], ['Origin', (d) => d.country],
  ['Carriers', (d) => d.carriers.join(', ')], ['In operation since', (d) => d.start],
  ['Registry', (d) => d.registry_code],
];

export const deviceList = () => new List({
  id: 'devices', title: 'Devices', note: 'Production plants that the register has approved', path: '/api/v1/devices',
  name: 'devices', columns: deviceColumns, empty: 'No device is registered yet',
});

export const lotList = (query, title, note) => new List({
  id: 'lots', title, note, path: `/api/v1/lots${query}`, name: 'lots', empty: 'No certificates were issued yet',
  columns: [
    ['Lot', (l) => link('lot', l.lot)],
    ...(query ? [] : [['Device', (l) => element('a', {href: `/register/dev-${l.device}`}, l.device_name)]]),
    ['Carrier', (l) => l.carrier], ['Produced', (l) => period(l.period)], ['Issued', (l) => amountOf(l.issued, l), true],
    ['Held', (l) => count(l.held), true], ['Cancelled', (l) => count(l.cancelled), true],
    ['Expired', (l) => count(l.expired), true], ['Withdrawn', (l) => count(l.withdrawn), true],
  ],
});

export const cancellationList = () => new List({
  id: 'cancellations', title: 'Cancellations', note: 'Newest first; each has a statement', path: '/api/v1/cancellations',
  name: 'statements', empty: 'Nothing was cancelled yet',
  columns: [
    ['Statement', (s) => statementLink(s.cancellation)], ['Date', (s) => s.date],
    ['Amount', (s) => amount(s.amount, s.dimension), true], ['In the name of', (s) => s.beneficiary],
    ['Purpose', (s) => s.purpose], ['Lot', (s) => link('lot', s.lot)],
  ],
});
