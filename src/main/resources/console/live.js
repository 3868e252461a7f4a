import { ask, duration, element, say, template, whole } from './console.js';

/** Title, field of a sample, unit. */
const PLOTS = [
	['Connections', 'connections', ''],
	['Messages from clients', 'messagesIn', ' /s'],
	['Messages to clients', 'messagesOut', ' /s'],
	['Bytes from clients', 'bytesIn', ' /s'],
	['Bytes to clients', 'bytesOut', ' /s'],
	['Time of a callback', 'callbackMs', ' ms'],
	['Time of a backend', 'webhookMs', ' ms'],
	['Refused handshakes', 'refused', ' /s'],
];
const STATES = {
	up: 'takes events', unchecked: 'has not passed the handler check', open: 'breaker open: no calls for a moment', failing: 'has not taken the last event',
};
const BACKEND = /^hawser\.hubs\.(.*)\.webhooks\[(\d+)\]$/;
const MOST_HUBS = 50;
const SHORTEST = 300_000;
const HOUR = 3_600_000;
const SVG = 'http://www.w3.org/2000/svg';

function number(value) {
	return value >= 1e6 ? (value / 1e6).toFixed(1) + ' M' : value >= 1e4 ? (value / 1e3).toFixed(1) + ' k'
		: value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : String(Number(value.toPrecision(2)));
}

/** The time that plots show. */
function span(samples, now) {
	return Math.max(SHORTEST, now - (samples[0]?.at ?? now));
}

function curve(samples, now, value, label) {
	const width = span(samples, now);
	const most = Math.max(...samples.map(value), 0);
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('viewBox', '0 0 100 40');
	svg.setAttribute('preserveAspectRatio', 'none');
	svg.setAttribute('role', 'img');
	svg.setAttribute('aria-label', label);
	const points = samples.map(sample => `${(100 - (now - sample.at) / width * 100).toFixed(2)},${(38 - (most ? value(sample) / most * 36 : 0)).toFixed(2)}`);
	if (points.length) {
		const area = document.createElementNS(SVG, 'polygon');
		area.setAttribute('points', `${points[0].split(',')[0]},38 ${points.join(' ')} ${points.at(-1).split(',')[0]},38`);
		const line = document.createElementNS(SVG, 'polyline');
		line.setAttribute('points', points.join(' '));
		svg.append(area, line);
	}
	return svg;
}

function plot(title, samples, now, field, unit) {
	const value = sample => sample[field];
	const most = Math.max(...samples.map(value), 0);
	const latest = samples.length ? value(samples.at(-1)) : 0;
	const width = span(samples, now);
	const within = `in the last ${width > 3_500_000 ? 'hour' : duration(width)}`;
	const figure = element('figure', '', { class: 'plot' });
	const caption = element('figcaption', title);
	caption.append(element('b', number(latest) + unit));
	figure.append(caption, curve(samples, now, value, `${title} ${within}: now ${number(latest)}${unit}, at most ${number(most)}${unit}`),
		element('small', samples.length ? `at most ${number(most)}${unit} ${within}` : 'the first value comes in some seconds'));
	return figure;
}

function fill(table, rows, none) {
	const body = table.tBodies[0];
	body.replaceChildren(...rows.map(cells => {
		const row = element('tr');
		row.append(...cells.map(value => {
			const cell = element('td', value instanceof Node ? '' : typeof value === 'number' ? whole(value) : value, typeof value === 'number' ? { class: 'number' } : {});
			if (value instanceof Node) {
				cell.append(value);
			}
			return cell;
		}));
		return row;
	}));
	if (!rows.length) {
		const row = element('tr');
		row.append(element('td', none, { class: 'empty', colspan: table.tHead.rows[0].cells.length }));
		body.append(row);
	}
}

/** Those in trouble first. */
function backends(state) {
	const told = new Set();
	return [...state.backends].sort((a, b) => (a.state === 'up') - (b.state === 'up')).map(({ name, state: how }) => {
		const [, hub, entry] = BACKEND.exec(name) ?? [null, name, ''];
		const calls = told.has(hub) ? '' : (state.calls[hub] ?? 0) + (state.waiting[hub] ? `, ${state.waiting[hub]} wait` : '');
		told.add(hub);
		return [hub, 'webhooks[' + entry + ']', element('span', STATES[how] ?? how, how === 'up' ? {} : { class: 'bad' }), calls];
	});
}

/** What this node does and has done in the last hour. */
export function live(parent, session) {
	parent.append(template('live'));
	const part = id => parent.querySelector('#' + id);
	let samples = [];
	let latest = null;
	let stopped = false;
	let timer;

	/** All hubs; of many those with most connections, and with the name that is looked for. */
	function hubs() {
		const { hubs: all, now } = latest;
		const many = all.length > MOST_HUBS;
		const name = part('hub-name').value.trim().toLowerCase();
		const found = many ? all.filter(hub => hub.name.toLowerCase().includes(name)).sort((a, b) => b.connections - a.connections) : all;
		const shown = found.slice(0, MOST_HUBS);
		const said = shown.length < found.length ? `${shown.length} of ${found.length} hubs, those with most connections` : `${found.length} of ${all.length} hubs`;
		part('hub-choice').hidden = !many;
		if (part('hub-count').textContent !== said) { // a screen reader says each change
			part('hub-count').textContent = said;
		}
		fill(part('hubs'), shown.map(hub => [hub.name, hub.connections, hub.limit ?? 'no limit', hub.connections && !samples.some(sample => hub.name in sample.hubs) ? ''
			: curve(samples, now, sample => sample.hubs[hub.name] ?? 0, `Connections of ${hub.name}, now ${whole(hub.connections)}`)]), 'No hubs');
	}

	function show(state) {
		const now = state.now;
		latest = state;
		samples = [...samples, ...state.samples].filter(sample => now - sample.at < HOUR);
		parent.querySelector('.plots').replaceChildren(...PLOTS.map(([title, field, unit]) => plot(title, samples, now, field, unit)));
		part('nodes-part').hidden = !state.nodes.length;
		fill(part('nodes'), state.nodes.map(node => [node.name === session.node ? node.name + ' (this node)' : node.name, node.state, node.connections, duration(node.silent) + ' ago']), 'None');
		hubs();
		fill(part('refused'), Object.entries(state.refused).map(([reason, count]) => [reason, count,
			curve(samples, now, sample => sample.reasons[reason] ?? 0, `Refused because of ${reason}, ${whole(count)} since the start`)]), 'None');
		fill(part('backends'), backends(state), 'No hub has webhooks');
		fill(part('dead'), Object.entries(state.deadLetters), 'None');
		const { state: drain, since, atStart, open } = state.drain;
		part('drain').hidden = drain === 'SERVING';
		part('drain').textContent = drain === 'SERVING' ? ''
			: `This node is being drained, since ${duration(now - Date.parse(since))}: ${whole(open)} of ${whole(atStart)} connections are still open.`;
	}

	async function refresh() {
		try {
			const state = await ask('live?after=' + (samples.at(-1)?.at ?? 0));
			if (!stopped) {
				show(state);
			}
		} catch (error) {
			if (!stopped) {
				say(error.message, true);
			}
		}
		if (!stopped) {
			timer = setTimeout(refresh, 5_000);
		}
	}
	part('hub-name').addEventListener('input', () => latest && hubs());
	refresh();
	return () => { stopped = true; clearTimeout(timer); };
}
