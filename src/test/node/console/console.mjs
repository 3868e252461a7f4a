// Uses every function of the operators' page in a browser.
// node console.mjs PAGE CLIENTS KEY VIEW_KEY SECRET FOLDER: the URL of the page, where clients connect, both keys of operators, the secret of
// tokens, and a folder for pictures and for the code that the page shows.
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { strict as assert } from 'node:assert';
import { chromium } from 'playwright-core';

const [page, clients, key, viewKey, secret, screenshots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const faults = [];

async function visit(options = {}) {
	const context = await browser.newContext({ bypassCSP: false, ...options });
	const tab = await context.newPage();
	tab.on('console', message => { if (message.type() === 'error' && !message.text().includes('40')) faults.push(message.text()); });
	tab.on('pageerror', error => faults.push(String(error)));
	return tab;
}

async function signIn(tab, shown) {
	await tab.goto(page);
	await tab.getByLabel('Operators’ key').fill(shown);
	await tab.getByRole('button', { name: 'Sign in' }).click();
	await tab.getByRole('heading', { name: 'Live' }).waitFor();
}

async function checkAccess(tab, name) {
	await tab.evaluate(axe);
	const { violations } = await tab.evaluate(() => window.axe.run());
	assert.deepEqual(violations.map(one => `${name}: ${one.id}: ${one.nodes[0].html}`), []);
}

function examples(tab) {
	return tab.evaluate(() => [...document.querySelectorAll('.code h3')].map(title => [title.textContent, title.nextSibling.textContent, document.querySelector('[name=token]').value]));
}

/** Each in a file of its own, for those who run them. */
function writeExamples(kind, all) {
	assert.deepEqual(all.map(([language]) => language), ['JavaScript', 'PHP', 'Python', 'Java']);
	all.forEach(([language, text, token]) => writeFileSync(`${screenshots}/${kind}.${language}`, text.replaceAll('TOKEN', token)));
}

function tokenOf(user) {
	const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
	const head = part({ alg: 'HS256' }) + '.' + part({ sub: user, aud: 'hawser', exp: Math.floor(Date.now() / 1000) + 600 });
	return head + '.' + createHmac('sha256', secret).update(head).digest('base64url');
}

/** A client that is no browser, connected as a user. */
async function stranger(user) {
	const url = new URL(clients.replace('ws:', 'http:'));
	const socket = connect(Number(url.port), url.hostname);
	socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`
		+ `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nAuthorization: Bearer ${tokenOf(user)}\r\n\r\n`);
	const answer = await new Promise(resolve => socket.once('data', resolve));
	assert.match(String(answer), /^HTTP\/1.1 101/);
	socket.unref(); // the end of this program is its end
	return {
		/** Sends a close frame, masked with zeros. */
		close(code, reason) {
			const body = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
			socket.end(Buffer.concat([Buffer.from([0x88, 0x80 | body.length, 0, 0, 0, 0]), body]));
		},
	};
}

/** Waits until the server tells the page what happens. */
function looking(tab) {
	return tab.locator('.log[aria-busy=false]').waitFor();
}

async function fits(tab, name) {
	assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name + ' is wider than its window');
}

// Signing in: a wrong key, the right one, a reload, signing out
const tab = await visit();
await tab.goto(page);
await tab.getByLabel('Operators’ key').fill('wrong');
await tab.getByRole('button', { name: 'Sign in' }).click();
await tab.getByText('That is not the key.').waitFor();
await checkAccess(tab, 'sign in');
await signIn(tab, key);
await tab.reload();
await tab.getByRole('heading', { name: 'Live' }).waitFor();
await tab.getByRole('cell', { name: 'default' }).first().waitFor();
await tab.getByText('Messages from clients').waitFor();
await checkAccess(tab, 'live');

// A client of the page
await tab.getByRole('link', { name: 'Try it' }).click();
await tab.getByRole('button', { name: 'Connect' }).click();
await tab.getByText(/closed with 1006/).waitFor(); // a page of this origin needs a token of the console
await tab.getByRole('button', { name: 'Make a token' }).click();
await tab.waitForFunction(() => document.querySelector('[name=token]').value);
await tab.getByRole('button', { name: 'Connect' }).click();
await tab.getByText(/open after/).waitFor();
await tab.getByLabel('Message').fill('hello');
await tab.getByRole('button', { name: 'Send text' }).click();
await tab.getByText(/\d\d:\d\d:\d\d\.\d{3} ← text 5 bytes: hello/).waitFor();
await tab.getByLabel('Message').fill('bytes');
await tab.getByRole('button', { name: 'Send binary' }).click();
await tab.getByText(/← binary 5 bytes: 62 79 74 65 73/).waitFor();
assert.ok(await tab.getByRole('button', { name: 'Ping' }).isDisabled());
await tab.getByLabel('Code').fill('2000');
await tab.getByRole('button', { name: 'Close' }).click();
await tab.getByText('A browser may close with 1000 or with 3000 to 4999 only').waitFor();
await tab.getByLabel('Code').fill('4321');
await tab.getByLabel('Reason').fill('by choice');
await tab.getByRole('button', { name: 'Close' }).click();
await tab.getByText(/closed with 4321 by choice/).waitFor();
writeExamples('raw', await examples(tab));

// With the subprotocol
await tab.getByLabel('Subprotocol').selectOption('json.webpubsub.azure.v1');
await tab.getByRole('button', { name: 'Connect' }).click();
await tab.getByText(/open after .* with json.webpubsub.azure.v1/).waitFor();
await tab.getByRole('button', { name: 'Ping' }).click();
await tab.getByText(/← text 15 bytes: {"type":"pong"}/).waitFor();
writeExamples('json', await examples(tab));
await checkAccess(tab, 'try it');
await tab.screenshot({ path: screenshots + '/try.png', fullPage: true });
await tab.getByLabel('Subprotocol').selectOption('');
await tab.getByRole('button', { name: 'Connect' }).click();
await tab.getByText(/open after/).last().waitFor();

console.log('tried');
// Another operator sees it, and acts on it
const other = await visit({ colorScheme: 'dark' });
await signIn(other, key);
await other.getByRole('link', { name: 'Connections' }).click();
await other.getByText('1 connection', { exact: true }).waitFor();
await checkAccess(other, 'connections, dark');
await other.getByRole('link', { name: /^test-/ }).click();
await other.getByText('Received').waitFor();
await looking(other);
await other.getByLabel('Text').fill('from an operator');
await other.getByRole('button', { name: 'Send' }).click();
await tab.getByText(/from an operator/).waitFor();
await other.getByText(/sent text 16 bytes/).waitFor();
await other.getByLabel('Group').fill('room');
await other.getByRole('button', { name: 'Join' }).click();
await other.getByText('Done: join.').waitFor();
await other.locator('dd', { hasText: 'room' }).waitFor();
await other.getByRole('button', { name: 'Ping' }).click();
await other.getByText(/received pong/).waitFor();
await checkAccess(other, 'a connection, dark');
await other.screenshot({ path: screenshots + '/connection-dark.png', fullPage: true });

// A third one, on a phone, watches
const phone = await visit({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
await signIn(phone, viewKey);
await phone.screenshot({ path: screenshots + '/live-phone-dark.png' });
await phone.getByRole('link', { name: 'Events' }).click();
await looking(phone);
other.on('dialog', dialog => dialog.accept());
await other.getByLabel('Code').fill('4001');
await other.getByLabel('Reason').fill('<b>because</b>');
await other.getByRole('button', { name: 'Close' }).click();
await tab.getByText(/closed with 4001/).waitFor();
await phone.getByText(/close default .* 4001 by the server: <b>because<\/b>/).waitFor();
await checkAccess(phone, 'events, phone');
await fits(phone, 'events on a phone');
await phone.getByRole('button', { name: 'Pause' }).click();
await tab.getByRole('button', { name: 'Connect' }).click();
await phone.getByText(/1 waiting/).waitFor();
await phone.getByRole('button', { name: /Go on/ }).click();
await phone.getByText(/open default/).last().waitFor();
await phone.getByLabel('Show').selectOption('refused');
assert.equal(await phone.locator('.log div').count(), 0);
await phone.screenshot({ path: screenshots + '/events-phone-dark.png' });

console.log('watched');
// The view key looks only
await phone.getByRole('link', { name: 'Connections' }).click();
await phone.getByRole('link', { name: /^test-/ }).click();
await phone.getByText('Received').waitFor();
assert.ok(await phone.getByRole('button', { name: 'Close' }).isDisabled());

// A condition that cannot be read is said
await other.getByRole('link', { name: 'Connections' }).first().click();
await other.getByLabel('Condition').fill('nonsense');
await other.getByRole('button', { name: 'Show' }).click();
await other.locator('#notice.bad').waitFor();
await other.getByLabel('Condition').fill("userId eq 'operator'");
await other.getByRole('button', { name: 'Show' }).click();
await other.getByText('1 connection', { exact: true }).waitFor();
await other.screenshot({ path: screenshots + '/connections-dark.png' });

console.log('strangers come');
// What strangers call themselves is text, stays in its place, and is not endless
const MARKUP = '<img src=x onerror="document.title=1">';
const names = [MARKUP, 'שלום \u202Eעולם', 'line\u2028break', 'a'.repeat(1000), 'ünï ✓ 🚢'];
const guests = [];
for (const name of names) {
	guests.push(await stranger(name));
}
await other.getByRole('link', { name: 'Connections' }).first().click();
await other.getByText('connections', { exact: false }).first().waitFor();
await other.getByRole('cell', { name: MARKUP }).waitFor();
await other.getByRole('cell', { name: 'line\\u2028break' }).waitFor();
await other.getByRole('cell', { name: 'שלום \\u202eעולם' }).waitFor();
await other.getByRole('cell', { name: /^a{60}…$/ }).waitFor();
await fits(other, 'connections');
await checkAccess(other, 'connections of strangers');
await other.screenshot({ path: screenshots + '/strangers-dark.png' });
await other.getByLabel('User').fill(MARKUP);
await other.getByRole('button', { name: 'Show' }).click();
await other.getByText('1 connection', { exact: true }).waitFor();
await other.getByRole('rowheader').getByRole('link').click();
await other.locator('dd', { hasText: MARKUP }).waitFor();
await looking(other);
await other.getByLabel('Group').fill('<u>group</u>' + 'g'.repeat(200));
await other.getByRole('button', { name: 'Join' }).click();
await other.getByText('Done: join.').waitFor();
await phone.goto(page + '#events');
await phone.getByRole('heading', { name: 'Events' }).waitFor();
await looking(phone);
guests[0].close(1000, MARKUP.slice(0, 100));
await other.getByText(/close 1000 by the client: <img/).waitFor();
await other.getByText('This connection has ended.').waitFor();
await phone.getByText(/close default .* user <img src=x .* 1000 by the client: <img/).waitFor();
guests[1].close(4000, 'עולם');
await phone.getByText(/4000 by the client: עולם/).waitFor();
guests[3].close(4000, '');
await phone.getByText(/user a{100}… 4000 by the client/).waitFor();
await fits(phone, 'events of strangers');
await checkAccess(phone, 'events of strangers');
await phone.screenshot({ path: screenshots + '/strangers-phone-dark.png' });
for (const each of [tab, other, phone]) {
	assert.equal(await each.title(), 'Hawser console');
	assert.equal(await each.locator('main img, main u, main script, .log b, td b, dd b').count(), 0);
}
console.log('phone');
for (const view of ['live', 'connections', 'try']) {
	await phone.goto(page + '#' + view);
	await phone.getByRole('heading', { level: 1 }).waitFor();
	await fits(phone, view + ' on a phone');
	await checkAccess(phone, view + ' on a phone');
	await phone.screenshot({ path: `${screenshots}/${view}-phone-dark.png` });
}
await phone.goto(page + '#connection/%E0%A4%A'); // no address of a connection
await phone.getByText('This connection has ended.').waitFor();

// By keyboard alone
await tab.goto(page);
await tab.getByRole('heading', { name: 'Live' }).waitFor();
await checkAccess(tab, 'live, light');
await tab.screenshot({ path: screenshots + '/live.png', fullPage: true });
await tab.locator('.brand').focus();
await tab.keyboard.press('Tab');
await tab.keyboard.press('Tab');
await tab.keyboard.press('Enter');
await tab.getByRole('heading', { name: 'Connections' }).waitFor();
await tab.getByRole('button', { name: 'Sign out' }).click();
await tab.getByText('Signed out.').waitFor();
await tab.reload();
await tab.getByLabel('Operators’ key').waitFor();

// The link of a development start
const linked = await visit();
await linked.goto(page + '#' + key);
await linked.getByRole('heading', { name: 'Live' }).waitFor();
assert.ok(!linked.url().includes(key));

await browser.close();
assert.deepEqual(faults, []);
console.log('fine');
