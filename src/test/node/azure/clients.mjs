// A chat of unmodified @azure/web-pubsub-client over json.webpubsub.azure.v1. node clients.mjs <address of the hub, with a query>. Writes a line when
// it waits for the test, and ends with 0 when all is as it should be.
import { InvocationError, SendMessageError, WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client';
import assert from 'node:assert/strict';
import { Inbox } from './inbox.mjs';

async function connect(user) {
	const client = new WebPubSubClient(`${process.argv[2]}&as=${user}`,
		{ protocol: WebPubSubJsonProtocol(), autoReconnect: false, messageRetryOptions: { maxRetries: 0 } });
	const peer = { client, group: new Inbox(), server: new Inbox(), end: new Inbox() };
	client.on('group-message', ({ message }) => peer.group.add(message));
	client.on('server-message', ({ message }) => peer.server.add(message));
	client.on('disconnected', ({ message }) => peer.end.add(message));
	client.on('connected', ({ userId }) => assert.equal(userId, user));
	await client.start();
	return peer;
}

const bytes = (...values) => new Uint8Array(values).buffer;
const list = buffer => [...new Uint8Array(buffer)];

const [ann, bob, carl] = await Promise.all(['ann', 'bob', 'carl'].map(connect));
await Promise.all([ann, bob].map(({ client }) => client.joinGroup('room-1')));

// groups
await ann.client.sendToGroup('room-1', { hello: ['wörld'] }, 'json');
for (const { group } of [ann, bob]) {
	const { data, dataType, fromUserId, group: name } = await group.next();
	assert.deepEqual({ data, dataType, fromUserId, name }, { data: { hello: ['wörld'] }, dataType: 'json', fromUserId: 'ann', name: 'room-1' });
}
await ann.client.sendToGroup('room-1', 'to the others "only"', 'text', { noEcho: true });
await ann.client.sendToGroup('room-1', bytes(0, 1, 255), 'binary', { noEcho: true });
assert.equal((await bob.group.next()).data, 'to the others "only"');
assert.deepEqual(list((await bob.group.next()).data), [0, 1, 255]);
await bob.client.leaveGroup('room-1');
await ann.client.sendToGroup('room-1', 'alone', 'text');
assert.equal((await ann.group.next()).data, 'alone');
assert.equal(bob.group.size, 0);
for (let i = 0; i < 100; i++) {
	ann.client.sendToGroup('room-1', i, 'json', { fireAndForget: true });
}
for (let i = 0; i < 100; i++) {
	assert.equal((await ann.group.next()).data, i);
}

// permissions
await assert.rejects(carl.client.joinGroup('room-1'), error => error instanceof SendMessageError && error.errorDetail.name === 'Forbidden');
await assert.rejects(carl.client.sendToGroup('room-1', 'x', 'text'), error => error.errorDetail.name === 'Forbidden');
await assert.rejects(ann.client.joinGroup('hall'), error => error.errorDetail.name === 'Forbidden');

// events and invocations
await ann.client.sendEvent('greet', 'you', 'text');
assert.equal((await ann.server.next()).data, 'hello you, says ann in text');
await ann.client.sendEvent('reverse', bytes(1, 2), 'binary');
assert.deepEqual(list((await ann.server.next()).data), [2, 1]);
await ann.client.sendEvent('forget', {}, 'json');
await assert.rejects(ann.client.sendEvent('fail', {}, 'json'), error => error.errorDetail.name === 'InternalServerError');
assert.deepEqual((await ann.client.invokeEvent('add', { a: 1, b: 2 }, 'json')).data, { sum: 3, dataType: 'json' });
assert.equal((await carl.client.invokeEvent('greet', 'me', 'text')).data, 'hello me, says carl in text');
assert.deepEqual(list((await ann.client.invokeEvent('reverse', bytes(1, 2, 3), 'binary')).data), [3, 2, 1]);
await assert.rejects(ann.client.invokeEvent('fail', 'x', 'text'), error => error instanceof InvocationError);

// from the server
console.log('ready for a broadcast');
for (const { server } of [ann, bob, carl]) {
	const { data, dataType } = await server.next();
	assert.deepEqual({ data, dataType }, { data: { news: 1 }, dataType: 'json' });
}
console.log('ready for the end of carl');
assert.equal((await carl.end.next())?.message, 'enough');
ann.client.stop();
bob.client.stop();
await ann.end.next();
console.log('passed');
