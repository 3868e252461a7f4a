package dev.hawser.http;

import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.connection.execution.SelectorRound;
import dev.hawser.http.upgrade.PushbackEndPoint;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.strategy.AdaptiveExecutionStrategy;

/** A selector whose thread reads all ready sockets between two selects, and can be replaced in the middle of that. */
final class RoundSelector extends ManagedSelector implements PushbackEndPoint.Sockets {
	private final SelectorRound round;
	private final Executor elsewhere;
	private final Consumer<EndPoint> replaced;

	/**
	 * @param standIns  the manager's executor
	 * @param elsewhere runs what may block; a thread for each
	 * @param replaced  told of each endpoint whose socket has another one
	 */
	RoundSelector(SelectorManager manager, int id, StandIns standIns, Executor elsewhere, Consumer<EndPoint> replaced) {
		super(manager, id);
		this.elsewhere = elsewhere;
		this.replaced = replaced;
		this.round = new SelectorRound(new StandIn(getBean(AdaptiveExecutionStrategy.class), standIns));
	}

	/**
	 * Jetty's strategy is idle while its thread does work that may block, and any thread may then go on by running the strategy. The first
	 * thread notices that when its work is over, and ends.
	 */
	private record StandIn(AdaptiveExecutionStrategy strategy, StandIns standIns) implements SelectorRound.StandIn {
		@Override
		public boolean isReady() {
			return strategy.isIdle();
		}

		@Override
		public void goOn() {
			standIns.startWaiting(strategy);
		}
	}

	@Override
	protected int nioSelect(Selector selector, boolean now) throws IOException {
		round.end();
		int ready = super.nioSelect(selector, now);
		round.begin();
		return ready;
	}

	@Override
	public Executor elsewhere() {
		return elsewhere;
	}

	@Override
	public void replaced(EndPoint before) {
		replaced.accept(before);
	}

	@Override
	public void closed(EndPoint latest) {
		endPointClosed(latest);
	}

	/** Jetty has closed this selector after an error, and its sockets are never read again. */
	@Override
	protected void onSelectFailed(Throwable cause) {
		EngineThreads.endProcess(cause);
	}

	@Override
	protected void doStop() throws Exception {
		try {
			super.doStop();
		}
		finally {
			round.close();
		}
	}
}
