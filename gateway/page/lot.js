// One lot: where it is from, what it may be used for, what became of its certificates.
import {element} from './dom.js';
import {getJson, getAll} from './api.js';
import {count, dateAndTime, isoTime, period} from './format.js';
import {amountOf, card, facts, link, statementLink, table} from './list.js';

const most = 2000;  // events
const happened = {
  issued: 'Issued', cancelled: 'Cancelled', expired: 'Expired', converted: 'Used for a conversion',
  withdrawn: 'Withdrawn', claim_voided: 'Claim void', flagged: 'Flagged: what it was made from was withdrawn',
  used: 'Use recorded', use_voided: 'Use void', frozen: 'Frozen', released: 'No longer frozen',
  proof_split: 'Proof of sustainability split off', carbon_captured: 'Its carbon was captured again',
};

export async function showLot(place, name) {
  const path = `/api/v1/lots/${name}`;
  const [{lot}, lineage, {found, complete}] = await Promise.all(
      [getJson(path), getJson(`${path}/lineage`), getAll(`${path}/events`, 'events', most)]);
  place.replaceChildren(about(lot, name), fate(lot), evidence(lot), family(lineage), history(found, complete));
}

function about(lot, name) {
  return element(
      'section', {class: 'card', id: 'lot'},
      element('div', {class: 'title'}, element('p', {class: 'eyebrow'}, 'Lot of certificates'), element('h1', {}, name),
              element('p', {class: 'sum'}, element('strong', {}, amountOf(lot.issued, lot)),
                      ` of ${lot.carrier} in ${count(lot.issued)} certificates`)),
      facts([
        ['Registry', [lot.registry_code, lot.registry_name].filter(Boolean).join(' · ')],
        ['Scheme', [lot.scheme, lot.scheme_name].filter(Boolean).join(' · ')],
        ['Device', element('a', {href: `/register/dev-${lot.device}`}, lot.device_name)],
        ['Origin', lot.country],
        ['Produced', period(lot.period)],
        ['Issued on', lot.issued_on],
        ['May change hands', clock(lot.transferable_until, lot.today)],
        ['May be cancelled', clock(lot.cancellable_until, lot.today)],
        ['Serial numbers', `${lot.first_serial} to ${lot.last_serial}`],
        ['Captured CO₂', lot.captured_co2 === '0' ? '' : `${count(lot.captured_co2)} g`],
        ['Flagged', lot.flagged ? 'What it was made from was withdrawn' : ''],
        ...lot.attributes.map(({name: of, value}) => [of.replaceAll('_', ' '), value]),
      ]));
}

// A last day, and whether it is over.
function clock(last, today) {
  if (!last) return 'without an end';
  return last < today ? element('span', {class: 'bad'}, `no longer: until ${last}`) : `until ${last}`;
}

function fate(lot) {
  const parts = ['held', 'cancelled', 'expired', 'withdrawn'];
  const bar = element('div', {class: 'fate', role: 'img',
                              'aria-label': parts.map((part) => `${part} ${count(lot[part])}`).join(', ')},
                      ...parts.filter((part) => lot[part] !== '0').map((part) => {
                        const piece = element('span', {class: part, 'data-units': lot[part]});
                        // Rounds, for the eye only; what there is at all is seen.
                        piece.style.setProperty('--share', String(Number(lot[part]) / Number(lot.issued)));
                        piece.style.setProperty('min-width', '3px');
                        return piece;
                      }));
  const key = element('ul', {class: 'key'}, ...parts.map(
      (part) => element('li', {class: part}, `${part} ${count(lot[part])}`)));
  const notes = [
    lot.claimed === '0' ? '' : `of the cancelled the use of ${count(lot.claimed)} is recorded`,
    lot.voided === '0' ? '' : `the claim of ${count(lot.voided)} is void`,
    lot.frozen === '0' ? '' : `of the held ${count(lot.frozen)} are frozen`,
  ].filter(Boolean).join('; ');
  const made = card('What became of them', notes || null, bar, key);
  made.id = 'fate';
  return made;
}

function evidence(lot) {
  const rule = (name) => name === 'none' ? element('span', {class: 'good'}, 'met')
                                         : element('span', {class: 'bad'}, `not met: ${name.replaceAll('_', ' ')}`);
  const made = card('Eligibility', 'What was verified before issuance', ...(lot.evidence.length === 0
      ? [element('p', {class: 'empty'}, 'Nothing was recorded')]
      : lot.evidence.map(({kind, verdict}) => facts([
          ['Kind', kind.replaceAll('_', ' ')],
          ['Emissions', `${count(verdict.total_mg_per_mj)} mg CO₂e per MJ`],
          ['Saving', `${(Number(verdict.saving_ppm) / 10000).toFixed(2)} %`],
          ['Saving of 70 %', rule(verdict.saving)],
          ['Gas class', verdict.gas_class === 'none' ? '' : verdict.gas_class.replaceAll('_', ' ')],
          ['RFNBO', kind === 'rfnbo' ? rule(verdict.rfnbo) : ''],
          ...verdict.co2.map((one, at) => [`CO₂ source ${at + 1}`, rule(one)]),
          ...verdict.electricity.map((one, at) => [`Electricity source ${at + 1}`, rule(one)]),
        ]))));
  made.id = 'evidence';
  return made;
}

const became = {
  converted: (s) => ` (${s.input_carrier}) became ${s.output_carrier}: `,
  compensated: (s) => ` gave up what they held of captured CO₂ for ${s.output_carrier}: `,
  captured: (s) => ` (${s.input_carrier}) were burnt, and ${count(s.captured_co2)} g of CO₂ captured again: `,
};

function family({upstream, downstream, origins, complete}) {
  const step = (s) => element(
      'li', {}, `${count(s.units)} certificates of `, link('lot', s.input), became[s.kind](s),
      ...(s.outputs.length === 0 ? ['not issued yet'] : s.outputs.flatMap((id, at) => [at > 0 ? ', ' : '', link('lot', id)])),
      ', statement ', statementLink(s.cancellation));
  const way = (title, steps) => steps.length === 0 ? [] : [element('h3', {}, title), element('ol', {class: 'steps'}, ...steps.map(step))];
  const made = card('Lineage', complete ? null : 'There are more steps than are shown', ...way('Made from', upstream),
                    ...way('Made into', downstream), ...(origins.length === 0 ? [] : [
                      element('h3', {}, 'Where its carbon came from'),
                      element('ul', {class: 'steps'}, ...origins.map(({sources, mass}) => element(
                          'li', {}, `${count(mass)} g of CO₂: ${sources.join(', ').replaceAll('_', ' ') || 'not told'}`)))]),
                    ...(upstream.length + downstream.length > 0 ? [] : [element('p', {class: 'empty'}, 'Neither made from certificates nor made into others')]));
  made.id = 'lineage';
  return made;
}

function history(events, complete) {
  const made = card('History', complete ? 'By number of the event; moves between accounts are not public'
                                        : `The first ${events.length} events`,
      table([
        ['Event', (e) => e.event, true],
        ['Time', (e) => element('time', {datetime: isoTime(e.time)}, dateAndTime(e.time))],
        ['What', (e) => happened[e.kind] ?? e.kind],
        ['Certificates', (e) => e.units === '0' ? '' : count(e.units), true],
        ['Serial numbers', (e) => e.ranges.map((range) => range.printed).join('; ')],
        ['Document', (e) => e.reference.startsWith('can-') ? statementLink(e.reference.slice(4)) : e.reference],
      ], events));
  made.id = 'history';
  return made;
}
