// The backend of the chat, with the unmodified @azure/web-pubsub-express and @azure/web-pubsub: it lets clients in, answers their events, and sends.
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubEventHandler } from '@azure/web-pubsub-express';
import express from 'express';

const roles = ['webpubsub.joinLeaveGroups.room-*', 'webpubsub.sendToGroup'];

const answers = {
	add: ({ data }, response) => response.success(JSON.stringify({ sum: data.a + data.b }), 'json'),
	reverse: ({ data }, response) => response.success(Buffer.from(data).reverse(), 'binary'),
	fail: (_, response) => response.fail(500, 'no'),
};

/** Starts it. What happens is in `notes`, a line each. */
export async function start(port, connectionString, reverseProxyEndpoint) {
	const notes = [];
	const note = (event, user) => notes.push(`${event} ${user}`);
	const service = new WebPubSubServiceClient(connectionString, 'chat', { allowInsecureConnection: true, reverseProxyEndpoint });
	const handler = new WebPubSubEventHandler('chat', {
		path: '/hawser/',
		handleConnect({ context: { userId } }, response) {
			if (userId === 'mallory') {
				note('veto', userId);
				response.fail(403, 'not you');
				return;
			}
			response.success({ groups: ['lobby'], roles: userId === 'carl' ? [] : roles });
		},
		async handleUserEvent(request, response) {
			if (request.context.eventName === 'announce') {
				await service.sendToAll({ from: request.context.userId, news: request.data });
				response.success();
				return;
			}
			answers[request.context.eventName](request, response);
		},
		onConnected: ({ context }) => note('connected', context.userId),
		onDisconnected: ({ context }) => note('disconnected', context.userId),
		onGroupJoined: ({ context, group }) => note(`joined ${group}`, context.userId),
		onGroupLeft: ({ context, group }) => note(`left ${group}`, context.userId),
	});
	await new Promise(resolve => express().use(handler.getMiddleware()).listen(port, '127.0.0.1', resolve));
	return { service, notes };
}
