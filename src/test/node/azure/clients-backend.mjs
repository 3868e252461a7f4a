// A backend with the unmodified @azure/web-pubsub-express. node clients-backend.mjs <port>. The query parameter `as` of a client is its user; all but
// carl may join and send. Joins and leaves are written to standard output, one JSON a line.
import { WebPubSubEventHandler } from '@azure/web-pubsub-express';
import express from 'express';

const roles = ['webpubsub.joinLeaveGroups.room-*', 'webpubsub.sendToGroup'];

const answers = {
	add: ({ data, dataType }, response) => response.success(JSON.stringify({ sum: data.a + data.b, dataType }), 'json'),
	reverse: ({ data, dataType }, response) => response.success(Buffer.from(data).reverse(), dataType),
	greet: ({ data, dataType, context }, response) => response.success(`hello ${data}, says ${context.userId} in ${dataType}`, 'text'),
	forget: (_, response) => response.success(),
	fail: (_, response) => response.fail(500, 'no'),
};

const note = (event, { context, group }) => console.log(JSON.stringify({ event, group, userId: context.userId }));

const handler = new WebPubSubEventHandler('default', {
	path: '/hawser/',
	handleConnect({ query }, response) {
		const user = query.as?.[0];
		response.success({ userId: user, roles: user === 'carl' ? [] : roles });
	},
	handleUserEvent: (request, response) => answers[request.context.eventName](request, response),
	onGroupJoined: request => note('joined', request),
	onGroupLeft: request => note('left', request),
});

express().use(handler.getMiddleware()).listen(Number(process.argv[2]), '127.0.0.1');
