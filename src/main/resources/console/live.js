import { ask, duration, element, say, template } from './console.js';

const PLOTS = [
	['Connections', [['connections', '']], ''],
	['Messages from clients', [['messagesIn', '']], ' /s'],
	['Messages to clients', [['messagesOut', '']], ' /s'],
	['Bytes from clients', [['bytesIn', '']], ' /s'],
	['Bytes to clients', [['bytesOut', '']], ' /s'],
	['Time of a callback', [['callbackMs', '']], ' ms'],
	['Time of a backend', [['webhookMs', '']], ' ms'],
	['Refused handshakes', [['refused', '']], ' /s'],
];
const SHORTEST = 300_000;
const SVG = 'http://www.w3.org/2000/svg';

function number(value) {
	return value >= 1e6 ? (value / 1e6).toFixed(1) + ' M' : value >= 1e4 ? (value / 1e3).toFixed(1) + ' k'
		: value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : String(Number(value.toPrecision(2)));
}

function plot(title, samples, now, field, unit) {
	const values = samples.map(sample => sample[field]);
	const most = Math.max(...values, 0);
	const latest = values.at(-1) ?? 0;
	const span = Math.max(SHORTEST, now - (samples[0]?.at ?? now));
	const within = `in the last ${span > 3_500_000 ? 'hour' : duration(span)}`;
	const figure = element('figure', '', { class: 'plot' });
	const caption = element('figcaption', title);
	caption.append(element('b', number(latest) + unit));
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('viewBox', '0 0 100 40');
	svg.setAttribute('preserveAspectRatio', 'none');
	svg.setAttribute('role', 'img');
	svg.setAttribute('aria-label', `${title} ${within}: now ${number(latest)}${unit}, at most ${number(most)}${unit}`);
	const path = document.createElementNS(SVG, 'polyline');
	path.setAttribute('points', samples.map(sample => `${100 - (now - sample.at) / span * 100},${38 - (most ? sample[field] / most * 36 : 0)}`).join(' '));
	svg.append(path);
	figure.append(caption, svg, element('small', `at most ${number(most)}${unit} ${within}`));
	return figure;
}

function fill(table, rows, none) {
	const body = table.tBodies[0];
	body.replaceChildren(...rows.map(cells => {
		const row = element('tr');
		row.append(...cells.map(cell => element('td', String(cell), typeof cell === 'number' ? { class: 'number' } : {})));
		return row;
	}));
	if (!rows.length) {
		const row = element('tr');
		row.append(element('td', none, { class: 'empty', colspan: table.tHead.rows[0].cells.length }));
		body.append(row);
	}
}

/** What this node does and has done in the last hour. */
export function live(parent) {
	parent.append(template('live'));
	const part = id => parent.querySelector('#' + id);
	let stopped = false;
	let timer;

	async function refresh() {
		try {
			const state = await ask('live');
			if (stopped) {
				return;
			}
			parent.querySelector('.plots').replaceChildren(...PLOTS.map(([title, [[field]], unit]) => plot(title, state.samples, state.now, field, unit)));
			part('nodes-part').hidden = !state.nodes.length;
			fill(part('nodes'), state.nodes.map(node => [node.name, node.state, node.connections, duration(node.silent) + ' ago']), 'None');
			fill(part('hubs'), state.hubs.map(hub => [hub.name, hub.connections, hub.limit ?? 'no limit']), 'No hubs');
			fill(part('refused'), Object.entries(state.refused), 'None');
			fill(part('backends'), state.backends.map(one => [one.hub, one.state, one.backends]), 'No hub has webhooks');
			fill(part('dead'), Object.entries(state.deadLetters), 'None');
			part('drain').hidden = state.drain.state === 'SERVING';
			part('drain').textContent = state.drain.state === 'SERVING' ? ''
				: `Draining for ${duration(state.now - Date.parse(state.drain.since))}: ${state.drain.open} of ${state.drain.atStart} connections are still open.`;
		} catch (error) {
			say(error.message, true);
		}
		if (!stopped) {
			timer = setTimeout(refresh, 5_000);
		}
	}
	refresh();
	return () => { stopped = true; clearTimeout(timer); };
}
