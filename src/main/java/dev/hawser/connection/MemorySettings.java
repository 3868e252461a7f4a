package dev.hawser.connection;

import dev.hawser.settings.SettingCheck;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The memory that clients may use.
 *
 * @param budget most memory that all clients together may make the server hold in unfinished messages, in messages that wait, and
 *     for compression: a share of the heap such as 40%, or a size such as 200MB
 */
@ConfigurationProperties("hawser.memory")
record MemorySettings(@DefaultValue("40%") String budget) {
	private static final Pattern SHARE = Pattern.compile("0*(?:[1-9]|[1-8][0-9]|90)%");
	private static final Pattern SIZE = Pattern.compile("[0-9]{1,9}(?:B|KB|MB|GB|TB)");
	private static final long LEAST = DataSize.ofMegabytes(1).toBytes();

	MemorySettings {
		new SettingCheck("hawser.memory").require(SHARE.matcher(budget).matches()
				|| (SIZE.matcher(budget).matches() && DataSize.parse(budget).toBytes() >= LEAST),
				"budget must be a share of the heap from 1% to 90%, or a size of at least 1MB with its unit; the default is 40%.");
	}

	/** @param heap most bytes that the heap may have */
	long bytes(long heap) {
		return budget.endsWith("%") ? heap / 100 * Integer.parseInt(budget.substring(0, budget.length() - 1))
				: DataSize.parse(budget).toBytes();
	}
}
