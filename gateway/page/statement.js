// Looks up a cancellation statement and shows it as a document that can be printed.
import {element, byId, setText} from './dom.js';
import {amount, count, period} from './format.js';

export class StatementLookup {
  constructor() {
    byId('lookup').addEventListener('submit', (event) => {
      event.preventDefault();
      this.open(byId('statement-id').value);
    });
  }

  async open(text) {
    const id = text.trim().toLowerCase().replace(/^can-?/, '');
    this.asked = id;
    if (!/^[1-9][0-9]{0,19}$/.test(id)) {
      return this.fail('A statement number looks like can-1.');
    }
    byId('statement-id').value = `can-${id}`;
    setText(byId('lookup-message'), '');
    byId('lookup').setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(`/api/v1/cancellations/can-${id}`);
      if (this.asked !== id) return;  // something else was asked meanwhile
      if (response.status === 404) {
        return this.fail(`There is no cancellation statement can-${id} at this node.`);
      }
      const answer = await response.json();
      if (!response.ok) return this.fail(`The node refused: ${answer.field} ${answer.rule}`.trim());
      this.show(answer.statement);
    } catch {
      this.fail('The node could not be reached. Try again in a moment.');
    } finally {
      byId('lookup').removeAttribute('aria-busy');
    }
  }

  fail(message) {
    byId('statement').hidden = true;
    byId('statement-id').setAttribute('aria-invalid', 'true');
    setText(byId('lookup-message'), message);
  }

  show(statement) {
    byId('statement-id').removeAttribute('aria-invalid');
    const number = `can-${statement.cancellation}`;
    const print = element('button', {type: 'button', class: 'quiet'}, 'Print');
    print.addEventListener('click', () => window.print());
    const article = byId('statement');
    article.replaceChildren(
        element('header', {},
                element('p', {class: 'eyebrow'}, 'Cancellation statement'),
                element('h3', {}, number),
                element('p', {class: 'print'},
                        element('a', {href: `/api/v1/cancellations/${number}/statement?format=pdf`}, 'PDF'), ' ', print)),
        element('p', {class: 'sum'},
                element('strong', {}, amount(statement.amount, statement.dimension)),
                ` in ${count(statement.units)} certificates, cancelled on ${statement.date}`),
        element('dl', {}, ...this.facts(statement)),
        element('p', {class: 'final'},
                'Cancellation is final. These certificates cannot be sold or cancelled again, and each is used once.'));
    article.hidden = false;
    article.focus();
  }

  facts(s) {
    const rows = [
      ['In the name of', s.beneficiary],
      ['Country of consumption', s.country],
      ['Purpose', s.purpose],
      ['Period of consumption', period(s.period)],
      ['Evidence of consumption', s.consumption_evidence],
      ['Note', s.note],
      ['Registry', [s.registry, s.scheme].filter(Boolean).join(' · ')],
      ['Production device', s.device],
      ['Energy carrier', s.carrier],
      ['Production period', period(s.production_period)],
      ['Account holder', s.holder],
      ['Account', s.account ? `acc-${s.account}` : ''],
      ['Lot', s.lot ? element('a', {href: `/register/lot-${s.lot}`}, `lot-${s.lot}`) : ''],
      ['Serial numbers', this.serials(s.ranges ?? [])],
      ['Used for', this.uses(s)],
      ['Not used yet', s.unclaimed && s.unclaimed !== '0' ? count(s.unclaimed) : ''],
      ['Withdrawn since: claim void', this.serials(s.voided ?? [])],
      ['Verification code', this.check(s)],
    ];
    return rows.filter(([, value]) => value)
        .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
  }

  // Each claim in words, as the document has it.
  uses(s) {
    const claims = s.claims ?? [];
    if (claims.length === 0) return '';
    const lines = claims.map((claim) => {
      const parts = [
        `${claim.use}: ${count(claim.units)} by ${claim.claimant} for ${period(claim.period)}`,
        claim.activity,
        claim.emissions !== '0' ? `emissions ${amount(claim.emissions, 'DIMENSION_MASS_GCO2E')}` : '',
        claim.reference,
        `claimed on ${claim.date} (clm-${claim.claim}): ${this.printed(claim.ranges)}`,
        claim.voided.length > 0 ? `void since they were withdrawn: ${this.printed(claim.voided)}` : '',
      ];
      return parts.filter(Boolean).join('; ');
    });
    if (s.more_claims) lines.push('and more, which the register lists');
    return element('ul', {}, ...lines.map((line) => element('li', {}, line)));
  }

  printed(ranges) {
    return ranges.map((range) => this.serial(range)).join(', ');
  }

  serial(range) {
    return range.printed || `${range.first} to ${BigInt(range.first) + BigInt(range.count) - 1n}`;
  }

  check(s) {
    if (!s.verification_code) return '';
    return element('a', {href: `/verify/${s.verification_code}`}, s.verification_code);
  }

  serials(ranges) {
    if (ranges.length === 0) return '';
    return element('ul', {}, ...ranges.map((range) => element('li', {}, this.serial(range))));
  }
}
