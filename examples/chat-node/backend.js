const { createHmac } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');

const key = process.env.PUSH_KEY ?? 'example-key-for-your-own-machine-only';
const url = `${process.env.PUSH_URL ?? 'http://127.0.0.1:9502'}/api/hubs/default/:send`;

async function sendToAll(text) {
	const part = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');
	const signed = `${part({ alg: 'HS256' })}.${part({ aud: url, exp: Math.floor(Date.now() / 1000) + 60 })}`;
	const token = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
	await fetch(url, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain' }, body: text });
}

const events = {
	connect: (_, body) => {
		const name = JSON.parse(body).query.name?.[0];
		return name ? [200, 'application/json', JSON.stringify({ userId: name })] : [401, 'text/plain', 'Say your name: ?name=ann'];
	},
	connected: (user) => { console.log(user, 'is here'); return [204]; },
	message: async (user, body) => { await sendToAll(`${user}: ${body}`); return [204]; },
	disconnected: (user) => { console.log(user, 'has left'); return [204]; },
};
const page = () => [200, 'text/html', readFileSync('../chat.html')]; // also the answer to the handler check

createServer(async (request, response) => {
	const user = decodeURIComponent(request.headers['ce-userid'] ?? '');
	const [status, type, answer] = await (events[request.headers['ce-eventname']] ?? page)(user, await text(request));
	response.writeHead(status, { 'WebHook-Allowed-Origin': '*', ...(type && { 'Content-Type': type }) }).end(answer);
}).listen(process.argv[2] ?? 8080, '127.0.0.1');
