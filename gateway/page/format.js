// Turns the node's integers into what people read. Everything stays exact: 64-bit numbers arrive as
// strings and are calculated with as BigInt.

const locale = 'en-GB';

export function toBigInt(value) {
  return BigInt(value ?? 0);
}

function minorDigits(currency) {
  try {
    return new Intl.NumberFormat(locale, {style: 'currency', currency})
        .resolvedOptions().maximumFractionDigits;
  } catch {
    return 2;  // not a currency that the browser knows
  }
}

// 123456n with 2 digits: "1,234.56".
export function decimal(value, digits, trim = false) {
  const negative = value < 0n;
  const text = (negative ? -value : value).toString().padStart(digits + 1, '0');
  const whole = BigInt(text.slice(0, text.length - digits)).toLocaleString(locale);
  let fraction = text.slice(text.length - digits);
  if (trim) fraction = fraction.replace(/0+$/, '');
  return (negative ? '−' : '') + whole + (digits > 0 && fraction ? '.' + fraction : '');
}

// The price of one contract, without the currency.
export function price(ticks, terms) {
  const minor = toBigInt(ticks) * toBigInt(terms.tick_value);
  return decimal(minor, minorDigits(terms.currency));
}

// The same as a number, for charts only: it may round.
export function unitsOfPrice(ticks, terms) {
  return Number(toBigInt(ticks) * toBigInt(terms.tick_value)) / 10 ** minorDigits(terms.currency);
}

export function count(value) {
  return toBigInt(value).toLocaleString(locale);
}

const scales = {
  DIMENSION_ENERGY_WH: [['MWh', 6], ['kWh', 3], ['Wh', 0]],
  DIMENSION_MASS_GCO2E: [['t CO₂e', 6], ['kg CO₂e', 3], ['g CO₂e', 0]],
};

// 1500000 Wh: "1.5 MWh".
export function amount(value, dimension) {
  const scale = scales[dimension] ?? [['', 0]];
  const size = toBigInt(value);
  const [unit, digits] = scale.find(([, d]) => size >= 10n ** BigInt(d)) ?? scale.at(-1);
  return `${decimal(size, digits, true)} ${unit}`.trim();
}

export function contractOf(terms) {
  return amount(terms.contract_size, terms.dimension);
}

const clock = new Intl.DateTimeFormat(locale, {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const moment = new Intl.DateTimeFormat(locale, {dateStyle: 'medium', timeStyle: 'medium'});

function dateOf(nanoseconds) {
  return new Date(Number(toBigInt(nanoseconds) / 1000000n));
}

export const timeOfDay = (nanoseconds) => clock.format(dateOf(nanoseconds));
export const dateAndTime = (nanoseconds) => moment.format(dateOf(nanoseconds));
export const isoTime = (nanoseconds) => dateOf(nanoseconds).toISOString();

// A period of two dates, both included.
export function period(value) {
  if (!value || !value.first) return '';
  return value.first === value.last ? value.first : `${value.first} to ${value.last}`;
}
