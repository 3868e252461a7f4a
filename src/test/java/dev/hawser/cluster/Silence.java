package dev.hawser.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** Keeps one thread from logging. What other threads log at the same time stays. */
final class Silence extends TurboFilter implements AutoCloseable {
	private final Thread thread = Thread.currentThread();

	/** Begins the silence of the calling thread, or goes on with it: a Spring context that starts elsewhere ends it. */
	void keep() {
		if (log() instanceof LoggerContext log && !log.getTurboFilterList().contains(this)) {
			log.addTurboFilter(this);
		}
	}

	/** Something else while another thread sets the log up. */
	private static ILoggerFactory log() {
		return LoggerFactory.getILoggerFactory();
	}

	@Override
	public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable failure) {
		return Thread.currentThread() == thread ? FilterReply.DENY : FilterReply.NEUTRAL;
	}

	@Override
	public void close() {
		if (log() instanceof LoggerContext log) {
			log.getTurboFilterList().remove(this);
		}
	}
}
