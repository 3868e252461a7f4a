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
	});
	const json = await answer.json();
	if (answer.status === 401 && name !== 'login') {
		signIn();
	}
	if (!answer.ok) {
		throw new Error(json.error);
	}
	return json;
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

/** Adds a line to a log, which keeps the last thousand. */
export function line(log, at, text, kind = '') {
	const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
	const row = element('div', '', kind ? { class: kind } : {});
	row.append(element('time', new Date(at).toLocaleTimeString()), ' ' + text);
	log.append(row);
	while (log.childElementCount > 1000) {
		log.firstElementChild.remove();
	}
	if (atEnd) {
		log.scrollTop = log.scrollHeight;
	}
}

/** 3 s, 5 min, 2 h, 4 d. */
export function duration(millis) {
	const seconds = Math.max(0, Math.round(millis / 1000));
	return seconds < 60 ? seconds + ' s' : seconds < 3600 ? Math.floor(seconds / 60) + ' min'
		: seconds < 86400 ? Math.floor(seconds / 3600) + ' h' : Math.floor(seconds / 86400) + ' d';
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

function route() {
	if (!session) {
		return;
	}
	const [name, id] = location.hash.slice(1).split('/');
	const chosen = Object.hasOwn(views, name) ? name : 'live';
	for (const link of nav.querySelectorAll('a')) {
		const here = link.hash === '#' + (chosen === 'connection' ? 'connections' : chosen);
		here ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
	}
	say('');
	show(parent => views[chosen](parent, session, id && decodeURIComponent(id)));
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

const key = location.hash.length > 32 && !location.hash.includes('/') ? location.hash.slice(1) : null;
if (key) {
	history.replaceState(null, '', location.pathname);
	await ask('login', { key }).catch(error => say(error.message, true));
}
start().catch(() => {});
