// The register as a whole: statistics, devices, lots, cancellations.
import {element} from './dom.js';
import {getAll} from './api.js';
import {amount} from './format.js';
import {Plot, around, axis, colour} from './plot.js';
import {card, table, deviceList, lotList, cancellationList} from './list.js';

const most = 5000;  // rows of statistics
const columns = [
  ['Month', (m) => m.month], ['Registry', (m) => m.registry_code], ['Carrier', (m) => m.carrier],
  ['Origin', (m) => m.country],
  ...['opening', 'issued', 'cancelled', 'expired', 'withdrawn', 'closing', 'transferred'].map(
      (sum) => [sum[0].toUpperCase() + sum.slice(1), (m) => amount(m.amounts[sum], m.dimension), true]),
];

export async function showOverview(place) {
  const lists = [deviceList(), lotList('', 'Lots', 'Certificates issued together'), cancellationList()];
  const statistics = new Statistics();
  place.replaceChildren(statistics.card, ...lists.map((list) => list.card));
  await Promise.all([statistics.load(), ...lists.map((list) => list.load())]);
}

class Statistics {
  constructor() {
    this.registry = this.choice('registry', 'Registry');
    this.carrier = this.choice('carrier', 'Carrier');
    this.empty = element('p', {class: 'empty'}, 'Nothing has happened yet');
    this.rows = element('div', {});
    this.card = card('Statistics',
                     'What came into circulation and what left it, by month; the line is what is in circulation',
                     element('form', {class: 'filters'}, this.registry.label, this.carrier.label),
                     element('div', {class: 'plot', id: 'statistics-plot', role: 'img',
                                     'aria-label': 'Issued, ended and in circulation by month', hidden: ''}),
                     this.empty, this.rows);
    this.card.id = 'statistics';
    this.card.querySelector('.card-head').append(
        element('a', {href: '/api/v1/statistics?page_size=1000&format=csv', download: 'statistics.csv'}, 'CSV'));
    this.months = [];
  }

  choice(id, text) {
    const select = element('select', {id}, element('option', {value: ''}, 'All'));
    select.addEventListener('change', () => this.draw());
    return {select, label: element('label', {}, text, select)};
  }

  async load() {
    this.months = (await getAll('/api/v1/statistics', 'months', most)).found;
    const offer = ({select}, values) => select.append(
        ...[...new Set(values)].sort().map((value) => element('option', {value}, value)));
    offer(this.registry, this.months.map((m) => m.registry_code));
    offer(this.carrier, this.months.map((m) => m.carrier));
    this.draw();
  }

  chosen() {
    const agrees = ({select}, value) => !select.value || select.value === value;
    const found = this.months.filter((m) => agrees(this.registry, m.registry_code) && agrees(this.carrier, m.carrier));
    return found.filter((m) => m.dimension === found[0].dimension);  // energy and mass have no common sum
  }

  draw() {
    const months = this.chosen();
    this.empty.hidden = months.length > 0;
    const newestFirst = months.toSorted((a, b) => b.month.localeCompare(a.month));
    this.rows.replaceChildren(...(months.length > 0 ? [table(columns, newestFirst)] : []));
    this.plot ??= new Plot('statistics-plot', {
      legend: {show: false},
      scales: {x: {range: () => around(this.plotted)}},
      axes: [axis({}), axis({size: 90})],
      series: [
        {},
        {label: 'issued', stroke: 'transparent', fill: () => colour('--buy'),
         paths: window.uPlot.paths.bars({size: [0.6, 60]}), points: {show: false}},
        {label: 'ended', stroke: 'transparent', fill: () => colour('--sell'),
         paths: window.uPlot.paths.bars({size: [0.6, 60]}), points: {show: false}},
        {label: 'in circulation', stroke: () => colour('--accent'), width: 2, points: {size: 5}},
      ],
    });
    const sums = months.length > 0 ? this.sums(months) : null;
    this.plotted = sums?.[0];
    this.plot.show(sums);
  }

  // By month: issued, ended (below zero), in circulation at the end; in MWh or t, for the eye only.
  sums(months) {
    const byMonth = group(months);
    const stock = new Map();  // of each kind, as its last row says
    const names = [...byMonth.keys()].sort();
    const data = [[], [], [], []];
    for (const name of names) {
      const rows = byMonth.get(name);
      const sum = (...parts) => rows.reduce(
          (all, {amounts}) => parts.reduce((one, part) => one + BigInt(amounts[part]), all), 0n);
      for (const m of rows) {
        stock.set([m.registry, m.carrier, m.country, m.unit_size].join('\n'), BigInt(m.amounts.closing));
      }
      data[0].push(Date.parse(`${name}-01T00:00:00Z`) / 1000);
      data[1].push(large(sum('issued', 'entered_otherwise')));
      data[2].push(-large(sum('cancelled', 'expired', 'withdrawn', 'left_otherwise')));
      data[3].push(large([...stock.values()].reduce((all, one) => all + one, 0n)));
    }
    return data;
  }
}

function group(months) {
  const found = new Map();
  for (const m of months) found.set(m.month, [...(found.get(m.month) ?? []), m]);
  return found;
}

const large = (value) => Number(value) / 1e6;
