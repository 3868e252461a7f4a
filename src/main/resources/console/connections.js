import { ask, duration, element, foreign, foreigns, Log, say, stream, template, whole } from './console.js';

const FEW_GROUPS = 5;
const LONGEST_CELL = 60;

function number(value) {
	return element('td', typeof value === 'number' ? whole(value) : value, { class: 'number' });
}

function plain(text) {
	return element('td', text, { class: 'plain' });
}

function cell(...parts) {
	const made = element('td');
	made.append(...parts);
	return made;
}

function row(one, now) {
	const made = element('tr');
	const link = element('a', '', { href: '#connection/' + encodeURIComponent(one.id) });
	link.append(foreign(one.id, LONGEST_CELL));
	const name = element('th', '', { scope: 'row' });
	name.append(link);
	made.append(name, cell(one.hub), cell(foreign(one.user ?? '', LONGEST_CELL)), plain(one.address ?? ''), plain(one.node), cell(foreign(one.subprotocol ?? '', LONGEST_CELL)),
		number(duration(now - one.connectedAt)), number(duration(now - one.lastReceivedAt)), number(one.traffic.messagesIn), number(one.traffic.messagesOut),
		number(one.queuedBytes), cell(...foreigns(one.groups.slice(0, FEW_GROUPS), LONGEST_CELL), one.groups.length > FEW_GROUPS ? ` and ${one.groups.length - FEW_GROUPS} more` : ''));
	return made;
}

/** A table of connections, a page at a time. */
export function connections(parent, session) {
	parent.append(template('connections'));
	const part = id => parent.querySelector('#' + id);
	const form = parent.querySelector('form');
	form.hub.append(...session.hubs.map(hub => element('option', hub)));
	const body = parent.querySelector('tbody');
	const START = { after: null, before: 0 };
	/** Where the pages up to this one begin, and how many connections are before each. */
	let pages = [START];
	let next = null;

	async function show(chosen) {
		const query = new URLSearchParams();
		for (const [name, value] of new FormData(form)) {
			if (value) {
				query.set(name, value);
			}
		}
		const { after, before } = chosen.at(-1);
		if (after) {
			query.set('after', after);
		}
		parent.querySelectorAll('.buttons button').forEach(button => { button.disabled = true; });
		try {
			const page = await ask('connections?' + query);
			const now = Date.now();
			pages = chosen;
			next = page.next && { after: page.next, before: before + page.connections.length };
			body.replaceChildren(...page.connections.map(one => row(one, now)));
			const all = page.count === 1 ? '1 connection' : whole(page.count) + ' connections';
			part('count').textContent = page.connections.length && page.count > page.connections.length
				? `${all}, here ${whole(before + 1)} to ${whole(before + page.connections.length)}` : all;
			parent.querySelector('.scroll').scrollTop = 0;
			say('');
		} catch (error) {
			say(error.message, true);
		}
		part('first').disabled = part('previous').disabled = pages.length === 1;
		part('next').disabled = !next;
	}

	form.addEventListener('submit', event => { event.preventDefault(); show([START]); });
	form.hub.addEventListener('change', () => show([START]));
	part('first').addEventListener('click', () => show([START]));
	part('previous').addEventListener('click', () => show(pages.slice(0, -1)));
	part('next').addEventListener('click', () => show([...pages, next]));
	show([START]);
}

/** One connection: what it is, what happens to it, and what an operator can do to it. */
export function connection(parent, session, id) {
	parent.append(template('connection'));
	parent.querySelector('h1').append(foreign(id, 300));
	const list = parent.querySelector('dl');
	const log = new Log(parent.querySelector('.log'));
	const payloads = parent.querySelector('#payloads');
	payloads.hidden = !session.showsPayloads;
	parent.querySelector('#no-payloads').hidden = session.showsPayloads;
	parent.querySelector('#look-only').hidden = session.right === 'ACT';
	let timer;
	let left = false;

	function facts(one) {
		const now = Date.now();
		const { messagesIn, bytesIn, messagesOut, bytesOut } = one.traffic;
		return {
			Hub: [one.hub], Node: [one.node], User: [one.user === undefined ? 'anonymous' : foreign(one.user)], Address: [one.address ?? 'unknown'],
			Subprotocol: [one.subprotocol === undefined ? 'none' : foreign(one.subprotocol)],
			Age: [duration(now - one.connectedAt)], 'Last seen': [duration(now - one.lastReceivedAt) + ' ago'], 'Last sent to': [duration(now - one.lastSentAt) + ' ago'],
			Received: [`${whole(messagesIn)} messages, ${whole(bytesIn)} bytes`], Sent: [`${whole(messagesOut)} messages, ${whole(bytesOut)} bytes`],
			Queued: [whole(one.queuedBytes) + ' bytes'], Groups: one.groups.length ? foreigns(one.groups) : ['none'], Roles: one.roles.length ? foreigns(one.roles) : ['none'],
		};
	}

	async function refresh() {
		clearTimeout(timer);
		try {
			const one = await ask('connection?id=' + encodeURIComponent(id));
			if (left) {
				return;
			}
			list.replaceChildren(...Object.entries(facts(one)).flatMap(([name, values]) => {
				const value = element('dd');
				value.append(...values);
				return [element('dt', name), value];
			}));
			timer = setTimeout(refresh, 5_000);
		} catch (error) {
			if (!left) {
				say(error.message, true);
			}
		}
	}

	for (const form of parent.querySelectorAll('form')) {
		form.querySelectorAll('button,input').forEach(each => { each.disabled = session.right !== 'ACT'; });
		form.addEventListener('submit', async event => {
			event.preventDefault();
			const act = event.submitter?.value || form.dataset.act;
			if (act === 'close' && !confirm('Close this connection?')) {
				return;
			}
			const body = { id, ...Object.fromEntries(new FormData(form)) };
			if (body.code) {
				body.code = Number(body.code);
			}
			try {
				const answer = await ask(act, body);
				await refresh();
				say(answer.done ? `Done: ${act}.` : `Not done: ${answer.delivery}.`, !answer.done);
			} catch (error) {
				say(error.message, true);
			}
		});
	}

	const source = stream('?connection=' + encodeURIComponent(id), parent.querySelector('.log'), what => {
		if (what.payload !== undefined) {
			payloads.hidden = false; // its node may have another setting
			parent.querySelector('#no-payloads').hidden = true;
		}
		log.add(what.at, [what.kind, what.detail && foreign(what.detail), what.bytes ? whole(what.bytes) + ' bytes' : '', what.payload && foreign(what.payload)], what.kind);
	}, (kind, data) => log.add(Date.now(), [kind === 'left-out' ? data + ' events came too fast and are left out'
		: data === 'begins' ? 'The node of this connection does not answer: its events are not shown meanwhile' : 'The node answers again'], 'refused'));
	refresh();
	return () => { left = true; source.close(); clearTimeout(timer); };
}
