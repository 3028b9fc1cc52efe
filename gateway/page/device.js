// One device: what it is, what was issued for it over time, its lots.
import {element} from './dom.js';
import {getJson, getAll} from './api.js';
import {amount} from './format.js';
import {Plot, around, axis, colour} from './plot.js';
import {card, facts, lotList, table} from './list.js';

const most = 2000;  // lots in the picture

export async function showDevice(place, name) {
  const {device} = await getJson(`/api/v1/devices/${name}`);
  const lots = lotList(`?device=${name}`, 'Lots', 'Certificates issued for this device');
  const plot = element('div', {class: 'plot', id: 'device-plot', role: 'img', hidden: '',
                               'aria-label': 'Issued, by the month in which production began'});
  const note = element('p', {class: 'note'});
  const empty = element('p', {class: 'empty'}, 'No certificates were issued yet');
  const picture = card('Issued over time', null, plot, empty);
  picture.querySelector('.card-head div').append(note);
  place.replaceChildren(
      element('section', {class: 'card', id: 'device'},
              element('div', {class: 'title'}, element('p', {class: 'eyebrow'}, `Device ${name}`),
                      element('h1', {}, device.name)),
              facts([
                ['Registry', [device.registry_code, device.registry_name].filter(Boolean).join(' · ')],
                ['Country', device.country],
                ['Carriers', device.carriers.join(', ')],
                ['In operation since', device.start],
                ['Last day of operation', device.last_day],
                ['State', device.suspended ? element('span', {class: 'bad'}, 'Suspended by the registry') : ''],
                ...device.fields.map((field) => [field.name.replaceAll('_', ' '), field.value]),
              ])),
      picture, ...(device.history.length > 1 ? [versions(device.history)] : []), lots.card);
  await Promise.all([lots.load(), draw(name, note, empty)]);
}

// What it was from which day on, the latest last; of the fields those that changed.
function versions(history) {
  const changed = (version) => {
    const at = history.indexOf(version);
    const before = at === 0 ? [] : history[at - 1].fields;
    return version.fields.filter(({name, value}) => !before.some((one) => one.name === name && one.value === value))
        .map(({name, value}) => `${name.replaceAll('_', ' ')}: ${value}`).join('; ');
  };
  const made = card('Changes', 'As the registry approved them', table([
    ['From', (v) => v.valid_from || 'registration'],
    ['Name', (v) => v.name],
    ['Carriers', (v) => v.carriers.join(', ')],
    ['Last day', (v) => v.last_day],
    ['Fields', changed],
  ], history));
  made.id = 'versions';
  return made;
}

async function draw(name, note, empty) {
  const {found, complete} = await getAll(`/api/v1/lots?device=${name}`, 'lots', most);
  if (found.length === 0) return;
  empty.hidden = true;
  const dimension = found[0].dimension;
  const byMonth = new Map();
  let all = 0n;
  for (const lot of found) {
    const month = lot.period.first.slice(0, 7);
    const size = BigInt(lot.issued) * BigInt(lot.unit_size);
    byMonth.set(month, (byMonth.get(month) ?? 0n) + size);
    all += size;
  }
  note.textContent = `${amount(all, dimension)} in ${found.length} ${found.length === 1 ? 'lot' : 'lots'}` +
      (complete ? '' : `, the first ${most} of more`) + ', by the month in which production began';
  const months = [...byMonth.keys()].sort();
  const begin = months.map((month) => Date.parse(`${month}-01T00:00:00Z`) / 1000);
  new Plot('device-plot', {
    legend: {show: false},
    axes: [axis({}), axis({size: 90})],
    series: [{}, {label: 'issued', stroke: () => colour('--accent'), fill: () => colour('--chosen'),
                  paths: window.uPlot.paths.bars({size: [0.7, 60]}), points: {show: false}}],
    scales: {x: {range: () => around(begin)},
             y: {range: (_, __, largest) => [0, largest * 1.1 || 1]}},
  }).show([begin, months.map((month) => Number(byMonth.get(month)) / 1e6)]);
}
