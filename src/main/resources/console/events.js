import { foreign, Log, stream, template } from './console.js';

const MOST = 1000;

/** What happens on this node, from now on. */
export function events(parent) {
	parent.append(template('events'));
	const form = parent.querySelector('form');
	const list = parent.querySelector('.log');
	const log = new Log(list);
	const pause = parent.querySelector('#pause');
	const leftOut = parent.querySelector('#left-out');
	let seen = [];
	let waiting = [];
	let missed = 0;

	function text(event) {
		return [event.kind, event.hub, event.connection, event.user, event.detail].filter(Boolean).join(' ').toLowerCase();
	}
	function matches(event) {
		return (!form.kind.value || event.kind === form.kind.value) && text(event).includes(form.text.value.toLowerCase());
	}
	function show(event) {
		log.add(event.at, [event.kind, event.hub, event.connection && foreign(event.connection, 200), event.user && 'user', event.user && foreign(event.user, 100),
			event.detail && foreign(event.detail)], event.kind);
	}
	function add(event) {
		seen.push(event);
		if (seen.length > MOST) {
			seen.shift();
		}
		if (matches(event)) {
			show(event);
		}
	}

	const source = stream('', list, event => {
		if (pause.getAttribute('aria-pressed') === 'true') {
			waiting.push(event);
			if (waiting.length > MOST) {
				waiting.shift();
			}
			pause.textContent = `Go on (${waiting.length} waiting)`;
		} else {
			add(event);
		}
	}, (kind, count) => {
		missed += Number(count);
		leftOut.hidden = false;
		leftOut.textContent = `${missed} events came too fast and are left out.`;
	});
	pause.addEventListener('click', () => {
		const paused = pause.getAttribute('aria-pressed') !== 'true';
		pause.setAttribute('aria-pressed', String(paused));
		pause.textContent = paused ? 'Go on' : 'Pause';
		if (!paused) {
			waiting.forEach(add);
			waiting = [];
		}
	});
	parent.querySelector('#clear').addEventListener('click', () => { seen = []; log.clear(); });
	form.addEventListener('submit', event => event.preventDefault());
	form.addEventListener('input', () => {
		log.clear();
		seen.filter(matches).forEach(show);
	});
	return () => source.close();
}
