package dev.hawser.http;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Threads that find the application's classes: their context class loader is the application's, and every virtual thread that they start
 * inherits it. Jetty's own would be that of Jetty's classes, which knows nothing of {@code callbacks/lib}.
 */
final class ApplicationThreadPool extends QueuedThreadPool {
	private final @Nullable ClassLoader application;

	ApplicationThreadPool(String name, @Nullable ClassLoader application) {
		this.application = application;
		setName(name);
	}

	@Override
	public Thread newThread(Runnable task) {
		Thread thread = super.newThread(task);
		thread.setContextClassLoader(application);
		return thread;
	}
}
