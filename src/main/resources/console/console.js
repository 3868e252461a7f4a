import { live } from './live.js';
import { connections, connection } from './connections.js';
import { events } from './events.js';
import { tryIt } from './try.js';

const view = document.getElementById('view');
const notice = document.getElementById('notice');
const nav = document.querySelector('nav');
const views = { live, connections, connection, events, try: tryIt };
let session = null;
let leave = () => {};
let lastDeed = 0;

for (const kind of ['pointerdown', 'keydown']) {
	addEventListener(kind, () => { lastDeed = Date.now(); });
}

/** Says a sentence above the view, for screen readers too. */
export function say(sentence, bad = false) {
	notice.textContent = sentence;
	notice.classList.toggle('bad', bad);
}

/** Asks the server; an error becomes a sentence, and the end of the login the form to sign in. */
export async function ask(name, body) {
	const active = Date.now() - lastDeed < 60_000;
	const answer = await fetch('api/' + name, {
		method: body ? 'POST' : 'GET',
		headers: { 'X-Hawser-Console': active ? 'active' : 'idle', ...(body && { 'Content-Type': 'application/json' }) },
		...(body && { body: JSON.stringify(body) }),
	}).catch(() => { throw new Error('The server does not answer.'); });
	const json = await answer.json().catch(() => ({}));
	if (answer.status === 401 && name !== 'login') {
		signIn();
	}
	if (!answer.ok) {
		throw new Error(json.error ?? `The server answers ${answer.status}.`);
	}
	return json;
}

/** Events of the server: of a connection, or of all. The browser asks again by itself when the stream ends. The list is busy until then. */
export function stream(query, list, onEvent, onSignal) {
	const source = new EventSource('api/events' + query);
	list.setAttribute('aria-busy', 'true');
	source.onopen = () => list.setAttribute('aria-busy', 'false');
	source.onmessage = message => onEvent(JSON.parse(message.data));
	for (const kind of ['left-out', 'trouble']) {
		source.addEventListener(kind, message => onSignal(kind, message.data));
	}
	source.onerror = () => {
		list.setAttribute('aria-busy', 'true');
		if (source.readyState === EventSource.CLOSED) { // the answer was no stream: the login is over, or there are too many streams
			ask('session').then(() => say('Too many operators look at events; close another tab.', true)).catch(error => say(error.message, true));
		}
	};
	return source;
}

/** A copy of a template. */
export function template(id) {
	return document.getElementById(id).content.cloneNode(true);
}

/** An element with text and attributes; text never becomes HTML. */
export function element(name, text = '', attributes = {}) {
	const made = document.createElement(name);
	made.textContent = text;
	for (const [key, value] of Object.entries(attributes)) {
		made.setAttribute(key, value);
	}
	return made;
}

/** What a client has chosen, such as its user's name: no line breaks, nothing that turns the text around it, and not too long. */
export function foreign(text, most = 2000) {
	const shown = text.length > most ? text.slice(0, most) + '…' : text;
	return element('bdi', shown.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
		sign => '\\u' + sign.charCodeAt(0).toString(16).padStart(4, '0')));
}

/** Several of these with commas between them. */
export function foreigns(texts, most = 2000) {
	return texts.flatMap((text, i) => i ? [', ', foreign(text, most)] : [foreign(text, most)]);
}

const CLOCK = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' });
const MOST_LINES = 1000;

/** A list of what has happened, which shows the last thousand lines, and follows them unless the list is scrolled back. */
export class Log {
	#list;
	#waiting = [];

	constructor(list) {
		this.#list = list;
	}

	/** @param parts texts; the foreign ones as elements */
	add(at, parts, kind = '') {
		this.#waiting.push([at, parts, kind]);
		if (this.#waiting.length === 1) {
			requestAnimationFrame(() => this.#show());
		}
		if (this.#waiting.length > MOST_LINES) {
			this.#waiting.splice(1, 1);
		}
	}

	clear() {
		this.#waiting.length = 0;
		this.#list.replaceChildren();
	}

	#show() {
		const list = this.#list;
		const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
		list.append(...this.#waiting.map(([at, parts, kind]) => {
			const row = element('div', '', kind ? { class: kind } : {});
			row.append(element('time', CLOCK.format(at)), ...parts.filter(Boolean).flatMap(part => [' ', part]));
			return row;
		}));
		this.#waiting.length = 0;
		while (list.childElementCount > MOST_LINES) {
			list.firstElementChild.remove();
		}
		if (atEnd) {
			list.scrollTop = list.scrollHeight;
		}
	}
}

/** 3 s, 5 min, 2 h, 4 d. */
export function duration(millis) {
	const seconds = Math.max(0, Math.round(millis / 1000));
	return seconds < 60 ? seconds + ' s' : seconds < 3600 ? Math.floor(seconds / 60) + ' min'
		: seconds < 86400 ? Math.floor(seconds / 3600) + ' h' : Math.floor(seconds / 86400) + ' d';
}

const WHOLE = new Intl.NumberFormat('en');

/** 20,000 */
export function whole(number) {
	return WHOLE.format(number);
}

/** Bytes of a text as UTF-8, or of a buffer. */
export function size(data) {
	const bytes = typeof data === 'string' ? new TextEncoder().encode(data).length : data.byteLength;
	return bytes === 1 ? '1 byte' : whole(bytes) + ' bytes';
}

function show(make) {
	leave();
	leave = () => {};
	view.replaceChildren();
	leave = make(view) ?? (() => {});
}

function signIn() {
	session = null;
	nav.hidden = true;
	document.getElementById('logout').hidden = true;
	document.getElementById('where').textContent = '';
	show(parent => {
		parent.append(template('login'));
		parent.querySelector('form').addEventListener('submit', async event => {
			event.preventDefault();
			try {
				await ask('login', { key: parent.querySelector('input').value });
				await start();
			} catch (error) {
				say(error.message, true);
			}
		});
		parent.querySelector('input').focus();
	});
}

function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function route() {
	if (!session) {
		return;
	}
	const [name, id] = location.hash.slice(1).split('/');
	const chosen = Object.hasOwn(views, name) && (name !== 'connection' || id) ? name : 'live';
	for (const link of nav.querySelectorAll('a')) {
		const here = link.hash === '#' + (chosen === 'connection' ? 'connections' : chosen);
		here ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
	}
	say('');
	show(parent => views[chosen](parent, session, id && decoded(id)));
	scrollTo(0, 0);
	view.focus();
}

async function start() {
	session = await ask('session');
	say('');
	nav.hidden = false;
	document.getElementById('logout').hidden = false;
	document.getElementById('where').textContent = session.node + (session.right === 'LOOK' ? ' · this key may look only' : '');
	route();
}

document.getElementById('logout').addEventListener('click', async () => {
	await ask('logout', {}).catch(() => {});
	signIn();
	say('Signed out.');
});
addEventListener('hashchange', route);
nav.addEventListener('click', event => {
	if (event.target.hash && event.target.hash === location.hash) { // the view that is shown already, from its beginning
		route();
	}
});
// A click keeps the login, whatever the view asks for; and a login that is over shows nothing any more.
setInterval(() => session && ask('session').catch(() => {}), 30_000);

const key = location.hash.length > 32 && !location.hash.includes('/') ? location.hash.slice(1) : null;
if (key) {
	history.replaceState(null, '', location.pathname);
	await ask('login', { key }).catch(error => say(error.message, true));
}
start().catch(() => {});
