import { ask, duration, element, line, say, template } from './console.js';

/** A table of connections, a page at a time. */
export function connections(parent, session) {
	parent.append(template('connections'));
	const form = parent.querySelector('form');
	form.hub.append(...session.hubs.map(hub => element('option', hub)));
	const body = parent.querySelector('tbody');
	const next = parent.querySelector('#next');
	let after = null;

	async function show(from) {
		const query = new URLSearchParams();
		for (const [name, value] of new FormData(form)) {
			if (value) {
				query.set(name, value);
			}
		}
		if (from) {
			query.set('after', from);
		}
		try {
			const page = await ask('connections?' + query);
			const now = Date.now();
			body.replaceChildren(...page.connections.map(one => {
				const row = element('tr');
				const name = element('td');
				name.append(element('a', one.id, { href: '#connection/' + encodeURIComponent(one.id) }));
				row.append(name, element('td', one.user ?? ''), element('td', one.address ?? ''), element('td', one.subprotocol ?? ''));
				for (const value of [duration(now - one.connectedAt), duration(now - one.lastReceivedAt), one.traffic.messagesIn, one.traffic.messagesOut, one.queuedBytes]) {
					row.append(element('td', String(value), { class: 'number' }));
				}
				row.append(element('td', one.groups.slice(0, 5).join(', ') + (one.groups.length > 5 ? ' …' : '')));
				return row;
			}));
			after = page.next ?? null;
			next.disabled = !after;
			parent.querySelector('#count').textContent = page.count === 1 ? '1 connection' : page.count + ' connections';
			say('');
		} catch (error) {
			say(error.message, true);
		}
	}

	form.addEventListener('submit', event => { event.preventDefault(); show(null); });
	parent.querySelector('#first').addEventListener('click', () => show(null));
	next.addEventListener('click', () => show(after));
	show(null);
}

/** One connection: what it is, what happens to it, and what an operator can do to it. */
export function connection(parent, session, id) {
	parent.append(template('connection'));
	parent.querySelector('h1').textContent = id;
	const list = parent.querySelector('dl');
	const log = parent.querySelector('.log');
	let timer;

	async function refresh() {
		try {
			const one = await ask('connection?id=' + encodeURIComponent(id));
			const now = Date.now();
			const facts = {
				Hub: one.hub, User: one.user ?? 'anonymous', Address: one.address ?? 'unknown', Subprotocol: one.subprotocol ?? 'none',
				Age: duration(now - one.connectedAt), 'Last seen': duration(now - one.lastReceivedAt) + ' ago', 'Last sent to': duration(now - one.lastSentAt) + ' ago',
				Received: `${one.traffic.messagesIn} messages, ${one.traffic.bytesIn} bytes`, Sent: `${one.traffic.messagesOut} messages, ${one.traffic.bytesOut} bytes`,
				Queued: one.queuedBytes + ' bytes', Groups: one.groups.join(', ') || 'none', Roles: one.roles.join(', ') || 'none',
			};
			list.replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
			timer = setTimeout(refresh, 5_000);
		} catch (error) {
			say(error.message, true);
		}
	}

	for (const form of parent.querySelectorAll('form')) {
		form.querySelectorAll('button,input').forEach(part => { part.disabled = session.right !== 'ACT'; });
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
				say(answer.done ? `Done: ${act}.` : `Not done: ${answer.delivery}.`, !answer.done);
				clearTimeout(timer);
				refresh();
			} catch (error) {
				say(error.message, true);
			}
		});
	}

	const source = new EventSource('api/events?connection=' + encodeURIComponent(id));
	source.onmessage = event => {
		const what = JSON.parse(event.data);
		line(log, what.at, [what.kind, what.detail, what.bytes ? what.bytes + ' bytes' : ''].filter(Boolean).join(' '), what.kind);
	};
	refresh();
	return () => { source.close(); clearTimeout(timer); };
}
