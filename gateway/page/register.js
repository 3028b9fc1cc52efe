// The public register: what it holds as a whole, one device, one lot. Which one is in the address:
// /register, /register/dev-3, /register/lot-9.
import {byId, element, setText} from './dom.js';
import {getJson} from './api.js';
import {showOverview} from './overview.js';
import {showDevice} from './device.js';
import {showLot} from './lot.js';
import './theme.js';

async function show() {
  const place = byId('register');
  const name = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  if (name === '') {
    byId('to-register').setAttribute('aria-current', 'page');
    return showOverview(place);
  }
  document.title = `${name} · Origo`;
  if (/^dev-[1-9][0-9]*$/.test(name)) return showDevice(place, name);
  if (/^lot-[1-9][0-9]*$/.test(name)) return showLot(place, name);
  throw Object.assign(new Error(), {status: 404});
}

function explain(error) {
  document.title = 'Register · Origo';
  const text = error.status === 404
      ? 'There is nothing of this number in the register.'
      : 'The node could not be reached. Try again in a moment.';
  byId('register').replaceChildren(
      element('section', {class: 'card'},
              element('p', {class: 'empty', role: 'alert'}, text, ' ',
                      element('a', {href: '/register'}, 'To the register'))));
}

getJson('/api/v1/status').then(({venue}) => venue && setText(byId('venue'), venue)).catch(() => {});
show().catch(explain);
