// Writes the code that the page shows in "Try it" to files, for those who run it, and runs the JavaScript in the page, as a browser does.
// node examples.mjs PAGE KEY FOLDER
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [page, key, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const tab = await browser.newPage();
await tab.goto(page + '#' + key);
await tab.getByRole('heading', { name: 'Live' }).waitFor();
await tab.getByRole('link', { name: 'Try it' }).click();
await tab.getByRole('button', { name: 'Make a token' }).click();
await tab.waitForFunction(() => document.querySelector('[name=token]').value);
const token = await tab.getByLabel('Token').inputValue();
for (const [kind, subprotocol] of [['raw', ''], ['json', 'json.webpubsub.azure.v1']]) {
	await tab.getByLabel('Subprotocol').selectOption(subprotocol);
	const shown = await tab.evaluate(() => [...document.querySelectorAll('.code h3')].map(title => [title.textContent, title.nextSibling.textContent]));
	for (const [language, text] of shown) {
		writeFileSync(`${folder}/${kind}.${language}`, text.replaceAll('TOKEN', token));
	}
	const said = [];
	const closed = new Promise(resolve => tab.on('console', message => {
		said.push(message.text());
		if (message.text().startsWith('closed')) {
			resolve();
		}
	}));
	await tab.evaluate(Object.fromEntries(shown).JavaScript.replaceAll('TOKEN', token));
	await closed;
	tab.removeAllListeners('console');
	console.log(kind + ': ' + said.join(' | '));
}
await browser.close();
