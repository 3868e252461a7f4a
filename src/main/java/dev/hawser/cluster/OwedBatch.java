package dev.hawser.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Changes to the records of one node, written at once.
 *
 * @param number  one more than that of the batch before
 * @param confirmed number of the last batch that Redis has confirmed; 0 for none
 * @param puts    records to write
 * @param removes records to remove
 * @param waiting complete when it is known whether the batch is in Redis
 */
record OwedBatch(long number, long confirmed, List<OwedRecord> puts, List<OwedRecord> removes, List<CompletableFuture<Boolean>> waiting) {

	/** What is to be written now, by name: without records that have been removed since. */
	Map<String, byte[]> contents() {
		Map<String, byte[]> contents = new LinkedHashMap<>();
		for (OwedRecord record : puts) {
			if (record.kept != null) {
				contents.put(record.name, record.kept.content());
			}
		}
		return contents;
	}
}
