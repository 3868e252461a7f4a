// One conversation with the server, by the ws package: node client.js <conversation> <url> [<token>].
// Ends with 0 when all went as expected, else with the assertion that failed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';

const [conversation, url, token] = process.argv.slice(2);

/** Resolves with the open socket; rejects with what went wrong, such as "Unexpected server response: 401". */
async function open(target, protocols = [], options = {}) {
	const socket = new WebSocket(target, protocols, options);
	await once(socket, 'open');
	return socket;
}

const connect = () => open(`${url}?access_token=${token}`);

async function closed(socket) {
	const [code, reason] = await once(socket, 'close');
	return `${code} ${reason}`;
}

async function expectEcho(socket, message) {
	socket.send(message);
	const [answer, isBinary] = await once(socket, 'message');
	assert.equal(isBinary, typeof message !== 'string');
	assert.ok(Buffer.from(message).equals(answer), `${message.length} sent, ${answer.length} came back, or not the same`);
}

async function expectUser(socket) {
	socket.send('who am I');
	const [answer] = await once(socket, 'message');
	assert.equal(answer.toString(), 'developer');
	socket.close();
	await closed(socket);
}

/** Repeats after a prime number of bytes, so that a misplaced mask shows. */
const bytes = (length) => Buffer.from({ length }, (_, i) => i % 251);

const conversations = {
	async text() {
		const socket = await connect();
		for (const text of ['', 'hello', 'grüße 🚢', ...[125, 126, 127, 65535, 65536, 1048576].map((n) => 'x'.repeat(n))]) {
			await expectEcho(socket, text);
		}
		socket.close(1000);
		assert.equal(await closed(socket), '1000 ');
	},

	async binary() {
		const socket = await connect();
		for (const length of [0, 1, 125, 126, 127, 65535, 65536, 1048576]) {
			await expectEcho(socket, bytes(length));
		}
		socket.close(1000);
		assert.equal(await closed(socket), '1000 ');
	},

	async manyInOrder() {
		const socket = await connect();
		const count = 2000;
		const answers = [];
		const all = new Promise((resolve) => {
			socket.on('message', (data) => answers.push(data.toString()) === count && resolve());
		});
		for (let i = 0; i < count; i++) {
			socket.send(`message ${i}`);
		}
		await all;
		assert.deepEqual(answers, Array.from({ length: count }, (_, i) => `message ${i}`));
		socket.close();
		await closed(socket);
	},

	async tooLarge() {
		const socket = await connect();
		socket.on('error', () => {}); // the server may hang up while this side still sends
		socket.send(bytes(1048577));
		assert.match(await closed(socket), /^1009 /);
	},

	async fragments() {
		const socket = await connect();
		socket.send('one ', { fin: false });
		socket.ping('between');
		const [pong] = await once(socket, 'pong');
		assert.equal(pong.toString(), 'between');
		socket.send('two', { fin: true });
		const [answer, isBinary] = await once(socket, 'message');
		assert.equal(answer.toString(), 'one two');
		assert.equal(isBinary, false);
		socket.close();
		await closed(socket);
	},

	async pingBothWays() {
		const socket = await connect();
		socket.ping('polo');
		const [pong] = await once(socket, 'pong');
		assert.equal(pong.toString(), 'polo');
		socket.send('ping me');
		const [ping] = await once(socket, 'ping'); // ws answers by itself
		assert.equal(ping.toString(), 'marco');
		const [seen] = await once(socket, 'message');
		assert.equal(seen.toString(), 'pong marco');
		socket.close();
		await closed(socket);
	},

	// Both sides compress from the first byte on; each message is sent twice, for the sake of a window that is shared.
	async compressed() {
		const socket = await open(url, [], { perMessageDeflate: { threshold: 0 } });
		assert.match(socket.extensions, /^permessage-deflate/);
		for (const length of [0, 1, 125, 126, 127, 1023, 1024, 65535, 65536, 131072, 1048576]) {
			for (const message of ['x'.repeat(length), 'grüße 🚢 '.repeat(length / 14), randomBytes(length >> 1), bytes(length)]) {
				await expectEcho(socket, message);
				await expectEcho(socket, message);
			}
		}
		socket.close(1000);
		assert.equal(await closed(socket), '1000 ');
	},

	async compressedFragments() {
		const socket = await open(url, [], { perMessageDeflate: { threshold: 0 } });
		const parts = Array.from({ length: 40 }, (_, i) => `part ${i} `.repeat(i * 20));
		for (const [i, part] of parts.entries()) {
			socket.send(part, { fin: i === parts.length - 1, compress: true });
			socket.ping(`${i}`);
		}
		const [answer] = await once(socket, 'message');
		assert.equal(answer.toString(), parts.join(''));
		socket.send('plain', { compress: false });
		const [plain] = await once(socket, 'message');
		assert.equal(plain.toString(), 'plain');
		socket.close();
		await closed(socket);
	},

	async compressionParameters() {
		for (const perMessageDeflate of [{ clientNoContextTakeover: true }, { serverNoContextTakeover: true },
			{ clientMaxWindowBits: 9 }, { clientMaxWindowBits: 15, serverMaxWindowBits: 15 }, true]) {
			const socket = await open(url, [], { perMessageDeflate });
			assert.match(socket.extensions, /^permessage-deflate/);
			for (let i = 0; i < 5; i++) {
				await expectEcho(socket, 'the same words '.repeat(5000));
				await expectEcho(socket, bytes(100000));
			}
			socket.close();
			await closed(socket);
		}
		const socket = await open(url, [], { perMessageDeflate: { serverMaxWindowBits: 9 } });
		assert.equal(socket.extensions, ''); // not a window that the server has
		await expectEcho(socket, 'x'.repeat(100000));
		socket.close();
		await closed(socket);
	},

	async clientCloses() {
		const socket = await connect();
		socket.close(4001, 'bye');
		assert.equal(await closed(socket), '4001 bye');
	},

	async serverCloses() {
		const socket = await connect();
		socket.send('close me');
		assert.equal(await closed(socket), '4002 as you wish');
	},

	async tokenInQuery() {
		await expectUser(await connect());
	},

	async tokenInHeader() {
		await expectUser(await open(url, [], { headers: { Authorization: `Bearer ${token}` } }));
	},

	async tokenInCookie() {
		await expectUser(await open(url, [], { headers: { Cookie: `theme=dark; access_token=${token}` } }));
	},

	// A client that offers subprotocols gives up when none of them is chosen, so a real one stands behind the token.
	async tokenInSubprotocol() {
		const socket = await open(url, ['bearer', token, 'v1.chat']);
		assert.equal(socket.protocol, 'v1.chat');
		await expectUser(socket);
	},

	async noToken() {
		await assert.rejects(open(url), /Unexpected server response: 401/);
	},

	async forgedToken() {
		const forged = token.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'));
		await assert.rejects(open(`${url}?access_token=${forged}`), /Unexpected server response: 401/);
	},
};

setTimeout(() => {
	console.error(`${conversation}: no end after 30 s`);
	process.exit(1);
}, 30000).unref();
await conversations[conversation]();
