package dev.hawser.cluster;

import io.lettuce.core.ScriptOutputType;

/**
 * The scripts over the hash of a node's records. Beside the records it has two fields whose names no record has: {@code #}, the number
 * of the last batch, and {@code !}, the mark as {@code heir|number of the last batch}. Removals come before writes, so that a full Redis
 * takes a batch that makes it smaller.
 */
final class OwedScripts {
	/** Seconds for which the mark of a finished node is kept: as long as one may sleep and wake up again. */
	static final String MARK_KEPT = "604800";

	/**
	 * The end of a script whose {@code last} is the number of the last batch. ARGV: number of the batch, an argument of the script's own,
	 * number of removals, their names, then names and contents. A batch that comes after a later one, which has all its records, changes
	 * nothing.
	 */
	private static final String CHANGE = """
			if tonumber(last) >= tonumber(ARGV[1]) then return false end
			local first = 4 + tonumber(ARGV[3])
			if first > 4 then redis.call('HDEL', KEYS[1], unpack(ARGV, 4, first - 1)) end
			redis.call('HSET', KEYS[1], '#', ARGV[1], unpack(ARGV, first))
			return false
			""";

	/**
	 * The argument of its own is the number of the last batch that Redis has confirmed. Returns the mark, or {@code ?|number} when a
	 * confirmed batch is not there, or nothing.
	 */
	static final Script KEEP = Script.of(ScriptOutputType.VALUE, """
			local mark = redis.call('HGET', KEYS[1], '!')
			if mark then return mark end
			local last = redis.call('HGET', KEYS[1], '#') or '0'
			if tonumber(last) < tonumber(ARGV[2]) then return '?|' .. last end
			""" + CHANGE);

	/** The argument of its own is the heir. Returns the mark when another node is the heir, or nothing. */
	static final Script KEEP_AS_HEIR = Script.of(ScriptOutputType.VALUE, """
			local mark = redis.call('HGET', KEYS[1], '!') or '|0'
			if string.match(mark, '^(.*)|') ~= ARGV[2] then return mark end
			local last = redis.call('HGET', KEYS[1], '#') or '0'
			""" + CHANGE);

	/** Returns the mark. */
	static final Script SEAL = Script.of(ScriptOutputType.VALUE, """
			local mark = redis.call('HGET', KEYS[1], '!')
			if not mark then
				mark = '|' .. (redis.call('HGET', KEYS[1], '#') or '0')
				redis.call('HSET', KEYS[1], '!', mark)
				redis.call('EXPIRE', KEYS[1], %s)
			end
			return mark
			""".formatted(MARK_KEPT));

	/** ARGV: who wants to be the heir, the heir that is dead. Returns the mark. An heir's batches begin at 1. */
	static final Script INHERIT = Script.of(ScriptOutputType.VALUE, """
			local mark = redis.call('HGET', KEYS[1], '!') or ('|' .. (redis.call('HGET', KEYS[1], '#') or '0'))
			local heir, last = string.match(mark, '^(.*)|(.*)$')
			if heir == '' or heir == ARGV[1] or heir == ARGV[2] then
				mark = ARGV[1] .. '|' .. last
				redis.call('HSET', KEYS[1], '!', mark, '#', '0')
				redis.call('EXPIRE', KEYS[1], %s)
			end
			return mark
			""".formatted(MARK_KEPT));

	/** Returns 1 when no record is left. A hash without a mark goes; one with a mark stays for a while. */
	static final Script FINISH = Script.of(ScriptOutputType.INTEGER, """
			local others = redis.call('HEXISTS', KEYS[1], '!') + redis.call('HEXISTS', KEYS[1], '#')
			if redis.call('HLEN', KEYS[1]) > others then return 0 end
			if redis.call('HEXISTS', KEYS[1], '!') == 0 then redis.call('DEL', KEYS[1]) end
			return 1
			""");

	/** ARGV: name of the record, number of its first batch. Returns 1 when it is the caller's now. */
	static final Script CLAIM = Script.of(ScriptOutputType.INTEGER, """
			if redis.call('HDEL', KEYS[1], ARGV[1]) == 1 then return 1 end
			local mark = redis.call('HGET', KEYS[1], '!')
			local first = tonumber(ARGV[2])
			if mark and first > 0 and first <= tonumber(string.match(mark, '|(.*)$')) then return 0 end
			return 1
			""");

	private OwedScripts() {
	}
}
