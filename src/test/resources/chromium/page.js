// What the pages of ChromiumTests share.

export const token = new URLSearchParams(location.search).get('token');
export const url = `ws://${location.host}/ws`;

/** Resolves with the open socket and its answers one by one; rejects when it closes instead of opening. */
export function connect(target, protocols = []) {
	const socket = new WebSocket(target, protocols);
	socket.binaryType = 'arraybuffer';
	const answers = [];
	const waiting = [];
	socket.onmessage = ({ data }) => (waiting.length ? waiting.shift()(data) : answers.push(data));
	const answer = () => new Promise((resolve) => (answers.length ? resolve(answers.shift()) : waiting.push(resolve)));
	const closed = new Promise((resolve) => {
		socket.onclose = ({ code, reason, wasClean }) => resolve(`${code} ${reason} ${wasClean ? 'clean' : 'unclean'}`);
	});
	return new Promise((resolve, reject) => {
		socket.onopen = () => resolve({ socket, answer, closed });
		closed.then((end) => reject(new Error(`closed: ${end}`)));
	});
}

export function expect(actual, expected) {
	if (actual !== expected) {
		throw new Error(`expected '${expected}', but was '${actual}'`);
	}
}

/** Runs the conversation and tells the server how it ended: the plain HTTP half of the same port. */
export async function report(conversation) {
	const result = await conversation().then(() => 'all as expected', (error) => error.stack);
	await fetch('/report', { method: 'POST', body: result, headers: { 'Content-Type': 'text/plain;charset=UTF-8' } });
}
