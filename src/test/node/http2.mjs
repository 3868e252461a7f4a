// Two WebSockets on one HTTP/2 connection (RFC 8441) with Node's own http2 module; frames are made by hand.
// node http2.mjs <http(s)://host:port> [root certificate in PEM]. The exit code is 0 when everything was as it should be.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';

const [url, root] = process.argv.slice(2);
const session = http2.connect(url, root ? { ca: readFileSync(root) } : {});
const { enableConnectProtocol } = await new Promise((resolve, reject) => {
	session.once('remoteSettings', resolve);
	session.once('error', reject);
});
assert.equal(enableConnectProtocol, true, 'SETTINGS_ENABLE_CONNECT_PROTOCOL');

function frame(opcode, payload, fin = true) {
	const length = payload.length;
	const head = length < 126 ? Buffer.alloc(2) : length < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
	head[0] = (fin ? 0x80 : 0) | opcode;
	head[1] = 0x80 | (length < 126 ? length : length < 65536 ? 126 : 127);
	if (head.length === 4) {
		head.writeUInt16BE(length, 2);
	}
	else if (head.length === 10) {
		head.writeBigUInt64BE(BigInt(length), 2);
	}
	const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
	return Buffer.concat([head, mask, Buffer.from(payload).map((byte, i) => byte ^ mask[i % 4])]);
}

class Socket {
	buffered = Buffer.alloc(0);

	constructor() {
		this.stream = session.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/ws', 'sec-websocket-version': '13' },
			{ endStream: false });
		this.opened = new Promise((resolve, reject) => {
			this.stream.once('response', resolve);
			this.stream.once('error', reject);
		});
		this.pieces = this.stream[Symbol.asyncIterator]();
	}

	async take(count) {
		const pieces = [this.buffered];
		let size = this.buffered.length;
		while (size < count) {
			const { value, done } = await this.pieces.next();
			assert(!done, 'the stream ended too early');
			pieces.push(value);
			size += value.length;
		}
		const all = Buffer.concat(pieces);
		this.buffered = all.subarray(count);
		return all.subarray(0, count);
	}

	async receive() {
		const [first, second] = await this.take(2);
		const length = second === 127 ? Number((await this.take(8)).readBigUInt64BE()) : second === 126
			? (await this.take(2)).readUInt16BE() : second;
		return { fin: first >> 7 === 1, opcode: first & 15, payload: await this.take(length) };
	}

	async expect(opcode, payload) {
		const received = await this.receive();
		assert.equal(received.opcode, opcode);
		assert.equal(received.payload.compare(Buffer.from(payload)), 0, 'payload of opcode ' + opcode);
	}
}

const one = new Socket();
const two = new Socket();
for (const socket of [one, two]) {
	const headers = await socket.opened;
	assert.equal(headers[':status'], 200);
	for (const forbidden of ['upgrade', 'connection', 'sec-websocket-accept']) {
		assert.equal(headers[forbidden], undefined, forbidden);
	}
}

one.stream.write(frame(1, Buffer.from('for one')));
two.stream.write(frame(1, Buffer.from('for two')));
await two.expect(1, 'for two');
await one.expect(1, 'for one');

one.stream.write(frame(1, Buffer.from('in '), false));
one.stream.write(frame(9, Buffer.from('ping')));
one.stream.write(frame(0, Buffer.from('pieces')));
await one.expect(10, 'ping');
await one.expect(1, 'in pieces');

const large = Buffer.alloc(1024 * 1024, 'large');
two.stream.write(frame(2, large));
await two.expect(2, large);

one.stream.write(frame(8, Buffer.from([0x0f, 0xa0, ...Buffer.from('bye')]))); // 4000
await one.expect(8, Buffer.from([0x0f, 0xa0, ...Buffer.from('bye')]));
assert.equal((await one.pieces.next()).done, true, 'END_STREAM after the close frame');
one.stream.end();

const plain = session.request({ ':path': '/ws' });
const refusal = await new Promise((resolve) => plain.once('response', resolve));
assert.equal(refusal[':status'], 405);
plain.resume();

two.stream.on('error', () => {});
two.stream.close(http2.constants.NGHTTP2_CANCEL);
session.close();
