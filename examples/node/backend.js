const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');

const events = {
	connect: (_, body) => {
		const name = JSON.parse(body).query.name?.[0];
		return name ? [200, 'application/json', JSON.stringify({ userId: name })] : [401, 'text/plain', 'Say your name: ?name=ann'];
	},
	connected: (user) => { console.log(user, 'is here'); return [204]; },
	message: (user, body) => [200, 'text/plain', `${user}: ${body}`],
	disconnected: (user) => { console.log(user, 'has left'); return [204]; },
};
const page = () => [200, 'text/html', readFileSync('../chat.html')]; // also the answer to the handler check

createServer(async (request, response) => {
	const user = decodeURIComponent(request.headers['ce-userid'] ?? '');
	const [status, type, answer] = (events[request.headers['ce-eventname']] ?? page)(user, await text(request));
	response.writeHead(status, { 'WebHook-Allowed-Origin': '*', ...(type && { 'Content-Type': type }) }).end(answer);
}).listen(process.argv[2] ?? 8080, '127.0.0.1');
