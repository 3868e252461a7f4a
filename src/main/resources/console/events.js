import { line, template } from './console.js';

/** What happens on this node, from now on. */
export function events(parent) {
	parent.append(template('events'));
	const form = parent.querySelector('form');
	const log = parent.querySelector('.log');
	const pause = parent.querySelector('#pause');
	const leftOut = parent.querySelector('#left-out');
	let seen = [];
	let waiting = [];
	let missed = 0;

	function text(event) {
		return [event.kind, event.hub, event.connection, event.user && 'user ' + event.user, event.detail].filter(Boolean).join(' ');
	}
	function matches(event) {
		return (!form.kind.value || event.kind === form.kind.value) && text(event).includes(form.text.value);
	}
	function add(event) {
		seen.push(event);
		seen = seen.slice(-1000);
		if (matches(event)) {
			line(log, event.at, text(event), event.kind);
		}
	}

	const source = new EventSource('api/events');
	source.onmessage = message => {
		const event = JSON.parse(message.data);
		if (pause.getAttribute('aria-pressed') === 'true') {
			waiting.push(event);
			waiting = waiting.slice(-1000);
			pause.textContent = `Go on (${waiting.length} waiting)`;
		} else {
			add(event);
		}
	};
	source.addEventListener('left-out', message => {
		missed += Number(message.data);
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
	parent.querySelector('#clear').addEventListener('click', () => { seen = []; log.replaceChildren(); });
	form.addEventListener('submit', event => event.preventDefault());
	form.addEventListener('input', () => {
		log.replaceChildren();
		seen.filter(matches).forEach(event => line(log, event.at, text(event), event.kind));
	});
	return () => source.close();
}
