// Uses every function of the operators' page in a browser.
// node console.mjs PAGE KEY VIEW_KEY SCREENSHOTS: the URL of the page, both keys, a folder for pictures.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { strict as assert } from 'node:assert';
import { chromium } from 'playwright-core';

const [page, key, viewKey, screenshots] = process.argv.slice(2);
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
await tab.getByText(/← text 5 bytes: hello/).waitFor();
await tab.getByLabel('Message').fill('bytes');
await tab.getByRole('button', { name: 'Send binary' }).click();
await tab.getByText(/← binary 5 bytes/).waitFor();
await checkAccess(tab, 'try it');

// Another operator sees it, and acts on it
const other = await visit({ colorScheme: 'dark' });
await signIn(other, key);
await other.getByRole('link', { name: 'Connections' }).click();
await other.getByText('1 connection', { exact: true }).waitFor();
await checkAccess(other, 'connections, dark');
await other.getByRole('link', { name: /^test-/ }).click();
await other.getByText('Received').waitFor();
await other.waitForTimeout(300); // until its events are asked for
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

// A third one, on a phone, watches
const phone = await visit({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
await signIn(phone, viewKey);
await phone.screenshot({ path: screenshots + '/live-phone-dark.png' });
await phone.getByRole('link', { name: 'Events' }).click();
await phone.waitForTimeout(300);
other.on('dialog', dialog => dialog.accept());
await other.getByLabel('Code').fill('4001');
await other.getByRole('button', { name: 'Close' }).click();
await tab.getByText(/closed with 4001/).waitFor();
await phone.getByText(/close default .* 4001 by the server/).waitFor();
await checkAccess(phone, 'events, phone');
assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than a phone');
await phone.getByRole('button', { name: 'Pause' }).click();
await tab.getByRole('button', { name: 'Connect' }).click();
await phone.getByText(/1 waiting/).waitFor();
await phone.getByRole('button', { name: /Go on/ }).click();
await phone.getByText(/open default/).last().waitFor();
await phone.getByLabel('Show').selectOption('refused');
assert.equal(await phone.locator('.log div').count(), 0);
await phone.screenshot({ path: screenshots + '/events-phone-dark.png' });

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

// By keyboard alone
await tab.goto(page);
await tab.getByRole('heading', { name: 'Live' }).waitFor();
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
