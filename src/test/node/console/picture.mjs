// Makes docs/console.png, the picture in the README: clients come and go and chat for some minutes, then the page is photographed.
// node picture.mjs PAGE KEY FILE MINUTES, after npm ci, with a server whose operators' key is KEY.
import { chromium } from 'playwright-core';

const [page, key, file, minutes] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const tab = await browser.newPage({ viewport: { width: 1180, height: 720 } });
await tab.goto(page + '#' + key);
await tab.getByRole('heading', { name: 'Live' }).waitFor();
await tab.evaluate(async minutes => {
	const ask = (name, body) => fetch('api/' + name, { method: body ? 'POST' : 'GET', headers: { 'X-Hawser-Console': 'active' }, body: body && JSON.stringify(body) })
		.then(answer => answer.json());
	const { clientUrl, paths } = await ask('session');
	const { token } = await ask('token', { hub: 'default' });
	const sockets = [];
	const end = Date.now() + minutes * 60_000;
	while (Date.now() < end) {
		const wave = 1 + Math.sin((end - Date.now()) / 25_000);
		while (sockets.length < 30 + 20 * wave) {
			sockets.push(new WebSocket(`${clientUrl}${paths[0]}?access_token=${Math.random() < .02 ? 'wrong' : token}`));
		}
		while (sockets.length > 30 + 20 * wave) {
			sockets.shift().close();
		}
		for (const socket of sockets) {
			if (socket.readyState === 1 && Math.random() < .3 * wave) {
				socket.send('x'.repeat(20 + 200 * Math.random()));
			}
		}
		await new Promise(resolve => setTimeout(resolve, 400));
	}
}, Number(minutes));
await tab.screenshot({ path: file });
await browser.close();
