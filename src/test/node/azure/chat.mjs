// A chat of the three unmodified packages of Azure Web PubSub, of the hub `chat`: node chat.mjs <port of the backend> <connection string> <reverse
// proxy endpoint>. Writes "cut" when all clients' sockets are to be broken. Ends with 0 when all is as it should be.
import { InvocationError, WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client';
import assert from 'node:assert/strict';
import { start } from './chat-backend.mjs';

const [port, connectionString, reverseProxyEndpoint] = process.argv.slice(2);
const { service, notes } = await start(Number(port), connectionString, reverseProxyEndpoint);
const bytes = (...values) => new Uint8Array(values).buffer;

/** Waits up to a minute until this is true. */
async function until(what, condition) {
	for (const end = Date.now() + 60_000; !await condition(); await new Promise(resolve => setTimeout(resolve, 10))) {
		assert.ok(Date.now() < end, `not within a minute: ${what}\n${notes.join('\n')}`);
	}
}

/** A client, and what it received: the data of each message, with the group before it, if any. */
function client(user, options) {
	const of = new WebPubSubClient({ getClientAccessUrl: async () => (await service.getClientAccessToken({ userId: user })).url }, options);
	const peer = { client: of, received: [], ids: [] };
	const data = ({ data, dataType }) => dataType === 'binary' ? [...new Uint8Array(data)] : data;
	of.on('group-message', ({ message }) => peer.received.push([message.group, data(message)]));
	of.on('server-message', ({ message }) => peer.received.push(data(message)));
	of.on('connected', ({ connectionId }) => peer.ids.push(connectionId));
	/** These are the next messages. */
	peer.expect = async (...messages) => {
		await until(`${messages.length} messages to ${user}`, () => peer.received.length >= messages.length);
		assert.deepEqual(peer.received.splice(0, messages.length), messages);
	};
	return peer;
}

async function connect(user, options) {
	const peer = client(user, options);
	await peer.client.start();
	await until(`${user} is connected`, () => peer.ids.length === 1);
	return peer;
}

await until('the server is there', () => fetch(`${reverseProxyEndpoint}/api/health`, { method: 'HEAD' }).then(({ ok }) => ok, () => false));

// The backend has a veto.
await assert.rejects(client('mallory', { autoReconnect: false }).client.start(), /403/);
assert.deepEqual(notes, ['veto mallory']);

// Ann and Bob use the reliable subprotocol, as the client does unless it is told otherwise; Carl has no roles.
const [ann, bob, carl] = await Promise.all([connect('ann'), connect('bob'), connect('carl', { protocol: WebPubSubJsonProtocol() })]);
await until('all are connected', () => ['ann', 'bob', 'carl'].every(user => notes.includes(`connected ${user}`)));

// groups: one of the backend's answer to connect, one that clients join, and one that the backend adds a user to
const room = service.group('room-1');
await service.group('lobby').sendToAll('welcome', { contentType: 'text/plain' });
for (const peer of [ann, bob, carl]) {
	await peer.expect(['lobby', 'welcome']);
}
await Promise.all([ann, bob].map(({ client }) => client.joinGroup('room-1')));
await room.addUser('carl');
await until('all have joined', () => ['ann', 'bob', 'carl'].every(user => notes.includes(`joined room-1 ${user}`)));
await ann.client.sendToGroup('room-1', { hello: 'wörld' }, 'json');
await ann.client.sendToGroup('room-1', 'to the others', 'text', { noEcho: true });
await ann.client.sendToGroup('room-1', bytes(0, 1, 255), 'binary', { noEcho: true });
await room.sendToAll(bytes(7), { excludedConnections: ann.ids });
await ann.expect(['room-1', { hello: 'wörld' }]);
for (const { expect } of [bob, carl]) {
	await expect(['room-1', { hello: 'wörld' }], ['room-1', 'to the others'], ['room-1', [0, 1, 255]], ['room-1', [7]]);
}

// what is forbidden, until the backend permits it
const forbidden = error => error.errorDetail.name === 'Forbidden';
await assert.rejects(carl.client.joinGroup('room-2'), forbidden);
await assert.rejects(ann.client.joinGroup('hall'), forbidden);
await assert.rejects(carl.client.sendToGroup('room-1', 'x', 'text'), forbidden);
await service.grantPermission(carl.ids[0], 'sendToGroup', { targetName: 'room-1' });
await carl.client.sendToGroup('room-1', 'thanks', 'text', { noEcho: true });
await ann.expect(['room-1', 'thanks']);
await bob.expect(['room-1', 'thanks']);

// a broadcast, which an event asks the backend for, and invocations
await bob.client.sendEvent('announce', { a: 1 }, 'json');
for (const { expect } of [ann, bob, carl]) {
	await expect({ from: 'bob', news: { a: 1 } });
}
assert.deepEqual((await ann.client.invokeEvent('add', { a: 1, b: 2 }, 'json')).data, { sum: 3 });
assert.deepEqual([...new Uint8Array((await carl.client.invokeEvent('reverse', bytes(1, 2, 3), 'binary')).data)], [3, 2, 1]);
await assert.rejects(ann.client.invokeEvent('fail', 'x', 'text'), error => error instanceof InvocationError);
await assert.rejects(bob.client.sendEvent('fail', 'x', 'text'), error => error.errorDetail.name === 'InternalServerError');

// 500 messages while all sockets break twice: half from the backend, half from Bob, whose socket breaks too
const half = Array.from({ length: 250 }, (_, i) => i + 1);
const fromBackend = async () => {
	for (const i of half) {
		await room.sendToAll({ backend: i });
		if (i % 100 === 0) {
			console.log(`cut ${i / 100}`);
		}
	}
};
const fromBob = async () => {
	for (const i of half) {
		await bob.client.sendToGroup('room-1', { bob: i }, 'json', { ackId: 1000 + i }); // a repetition has the same id
	}
};
await Promise.all([fromBackend(), fromBob()]);
for (const [user, peer] of Object.entries({ ann, bob })) {
	await until(`500 messages to ${user}`, () => peer.received.length >= 500);
	await service.sendToUser(user, 'the end', { contentType: 'text/plain' });
	await until('the end', () => peer.received.at(-1) === 'the end');
	const all = peer.received.splice(0, peer.received.length).slice(0, -1).map(([, data]) => data);
	assert.equal(all.length, 500, `each message once to ${user}`);
	for (const from of ['backend', 'bob']) {
		assert.deepEqual(all.filter(data => from in data).map(data => data[from]), half, `in order to ${user}`);
	}
	assert.equal(peer.ids.length, 1, `${user} had one connection all the time`);
	assert.equal(notes.filter(line => line === `connected ${user}`).length, 1);
	assert.ok(!notes.includes(`disconnected ${user}`));
}

// Carl's subprotocol promises nothing of this: he begins anew, and is told so
await until('carl has come back', async () => carl.ids.length > 1 && service.connectionExists(carl.ids.at(-1)));
await until('the end of his old connection', () => notes.includes('disconnected carl'));
await service.sendToConnection(carl.ids.at(-1), 'welcome back', { contentType: 'text/plain' });
await until('a welcome', () => carl.received.includes('welcome back'));

// the end of all
ann.client.stop();
await until('the end of ann', () => notes.includes('disconnected ann') && notes.includes('left room-1 ann'));
await service.closeAllConnections({ reason: 'closing time' });
await until('the end of bob', () => notes.includes('disconnected bob'));
console.log('passed');
process.exit(0);
