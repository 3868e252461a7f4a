/** What a client receives, in order; next() waits for the next one. */
export class Inbox {
	#messages = [];
	#waiting = [];

	add(message) {
		const first = this.#waiting.shift();
		first ? first(message) : this.#messages.push(message);
	}

	next() {
		return this.#messages.length ? Promise.resolve(this.#messages.shift()) : new Promise(resolve => this.#waiting.push(resolve));
	}

	get size() {
		return this.#messages.length;
	}
}
