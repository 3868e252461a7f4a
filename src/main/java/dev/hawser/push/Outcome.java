package dev.hawser.push;

import dev.hawser.api.ConnectionPage;
import java.util.List;

/**
 * What a node has done for an order.
 *
 * @param done    connections that have accepted the order
 * @param refused connections that have not
 * @param page    the connections for {@link Order.Page}; empty for other orders
 * @param events  the events for {@link Order.Watch}, each as JSON; empty for other orders
 */
public record Outcome(long done, long refused, ConnectionPage page, List<String> events) {
	private static final ConnectionPage NO_PAGE = new ConnectionPage(List.of(), null);

	/** The outcome of an order that asks for no connections. */
	public Outcome(long done, long refused) {
		this(done, refused, NO_PAGE);
	}

	/** The outcome of an order that asks for connections. */
	public Outcome(long done, long refused, ConnectionPage page) {
		this(done, refused, page, List.of());
	}
}
