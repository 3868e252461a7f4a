package dev.hawser.connection.execution;

import java.util.concurrent.Executor;

/**
 * Runs each task on a virtual thread of its own. Tasks from a selector's thread wait until the end of its {@link SelectorRound}, and are
 * started together. The woken threads then find all tasks at once, and do not take the processor from a thread that is still reading.
 */
public final class CallbackThreads implements Executor {

	@Override
	public void execute(Runnable task) {
		SelectorRound round = SelectorRound.ofThisThread();
		if (round == null || !round.holds(task)) {
			Thread.startVirtualThread(task);
		}
	}

	/** Starts the tasks that wait for the calling thread, before it does something that takes longer than reading a socket. */
	public static void startWaiting() {
		SelectorRound round = SelectorRound.ofThisThread();
		if (round != null) {
			round.startWaiting();
		}
	}
}
