package dev.hawser.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs behind their queues, in a log of the test's own. */
class QueuedLogTests {
	private final LoggerContext loggers = new LoggerContext();
	private final Logger logger = loggers.getLogger("test");

	/** A log that can be stuck. */
	private static final class Stuck extends AppenderBase<ILoggingEvent> {
		private final CountDownLatch free;
		private final List<String> written = new CopyOnWriteArrayList<>();

		Stuck(CountDownLatch free) {
			this.free = free;
		}

		@Override
		protected void append(ILoggingEvent event) {
			while (free.getCount() > 0) {
				try {
					free.await(5, TimeUnit.MINUTES);
				}
				catch (InterruptedException e) {
					// a write to a full pipe cannot be interrupted either
				}
			}
			written.add(event.getThreadName() + ": " + event.getFormattedMessage());
		}
	}

	private final CountDownLatch free = new CountDownLatch(1);
	private final Stuck log = new Stuck(free);

	@BeforeEach
	void start() {
		loggers.setMDCAdapter(new LogbackMDCAdapter());
		log.setContext(loggers);
		log.setName("LOG");
		log.start();
		loggers.start();
	}

	@AfterEach
	void release() {
		free.countDown();
		loggers.stop();
	}

	private void queue() {
		logger.addAppender(log);
		QueuedLog.queueAll(loggers);
	}

	private void info(int count) {
		for (int i = 0; i < count; i++) {
			logger.info("information {}", i);
		}
	}

	@Test
	void doesNotLetALogHoldUpWhoeverLogs() {
		queue();
		long before = QueuedLog.leftOut();
		info(2 * QueuedAppender.PLACES);
		logger.error("an error");
		long leftOut = QueuedLog.leftOut() - before;
		assertThat(leftOut).isGreaterThan(QueuedAppender.PLACES);

		free.countDown();
		await().until(() -> log.written.stream().anyMatch(line -> line.contains("are missing here")));
		assertThat(log.written).hasSize((int) (2 * QueuedAppender.PLACES - leftOut + 2)).endsWith(
				Thread.currentThread().getName() + ": an error",
				log.written.getLast());
		assertThat(log.written.getLast()).contains(": " + leftOut + " entries of this log are missing here");
		logger.info("as before");
		await().until(() -> log.written.stream().anyMatch(line -> line.endsWith(": as before")));
	}

	@Test
	void keepsTheLastPlacesForWarningsAndErrors() {
		queue();
		info(2 * QueuedAppender.PLACES);
		long before = QueuedLog.leftOut();
		for (int i = 0; i < QueuedAppender.PLACES / 5; i++) {
			logger.warn("a warning");
		}
		assertThat(QueuedLog.leftOut()).isEqualTo(before);
		for (int i = 0; i < 10; i++) {
			logger.error("an error");
		}
		assertThat(QueuedLog.leftOut()).isEqualTo(before + 10);
	}

	@Test
	void writesWhatWaitsWhenItStops() {
		queue();
		info(500);
		free.countDown();
		loggers.stop();
		assertThat(log.written).hasSize(500);
		assertThat(log.isStarted()).isFalse();
	}

	/** The test would hang otherwise. */
	@Test
	void stopsWithoutALogThatIsStuck() {
		queue();
		info(500);
		loggers.stop();
		assertThat(log.written).isEmpty();
	}

	@Test
	void putsOneQueueBeforeAnAppenderOfSeveralLoggers() {
		loggers.getLogger("other").addAppender(log);
		queue();
		QueuedLog.queueAll(loggers);
		assertThat(logger.getAppender("LOG")).isInstanceOf(QueuedEvents.class).isSameAs(loggers.getLogger("other").getAppender("LOG"));
		assertThat(logger.iteratorForAppenders()).toIterable().hasSize(1);
		free.countDown();
		info(1);
		await().until(() -> log.written.size() == 1);
	}

	// What is written

	private String written(Encoder<ILoggingEvent> encoder, Runnable logging) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		OutputStreamAppender<ILoggingEvent> stream = new OutputStreamAppender<>();
		encoder.setContext(loggers);
		encoder.start();
		stream.setContext(loggers);
		stream.setEncoder(encoder);
		stream.setOutputStream(out);
		stream.start();
		logger.addAppender(stream);
		QueuedLog.queueAll(loggers);
		logging.run();
		loggers.stop();
		return out.toString(StandardCharsets.UTF_8);
	}

	private static PatternLayoutEncoder text() {
		PatternLayoutEncoder text = new PatternLayoutEncoder();
		text.setCharset(StandardCharsets.UTF_8);
		text.setPattern("%level %msg%n%ex");
		return text;
	}

	@Test
	void showsControlCharactersInMessages() {
		assertThat(written(text(), () -> {
			logger.info("of {}", "a\n\u001b[1mstranger\u009b");
			logger.info("as it is");
		})).isEqualTo(String.format("INFO of a\\n\\u001b[1mstranger\\u009b%nINFO as it is%n"));
	}

	@Test
	void showsControlCharactersInExceptions() {
		Exception cause = new IllegalStateException("a\u009bcause\n\tat nowhere");
		Exception failure = new IllegalArgumentException("a\u001bfailure", cause);
		failure.addSuppressed(new IllegalStateException("a\u0085further one"));
		String written = written(text(), () -> logger.warn("threw", failure));
		assertThat(written).contains("a\\u001bfailure", "a\\u009bcause\\n\\tat nowhere", "a\\u0085further one",
				String.format("%n\tat %s", QueuedLogTests.class.getName()));
		assertThat(written.codePoints().filter(Character::isISOControl).filter(one -> "\r\n\t".indexOf(one) < 0)).isEmpty();
		assertThat(written.lines()).noneMatch("\tat nowhere"::equals);
	}

	@Test
	void keepsTheLinesInWhichSpringBootReportsAFailedStart() {
		Logger reporter = loggers.getLogger("org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter");
		assertThat(written(text(), () -> {
			logger.iteratorForAppenders().forEachRemaining(reporter::addAppender);
			reporter.error("APPLICATION FAILED\n\tto\u001b start");
		})).isEqualTo(String.format("ERROR APPLICATION FAILED\n\tto\\u001b start%n"));
	}

	/** JSON has escapes of its own, and readers that expect the message as it was. */
	@Test
	void leavesOtherFormatsAlone() {
		Encoder<ILoggingEvent> raw = new EncoderBase<>() {
			@Override
			public byte[] headerBytes() {
				return new byte[0];
			}

			@Override
			public byte[] encode(ILoggingEvent event) {
				return event.getFormattedMessage().getBytes(StandardCharsets.UTF_8);
			}

			@Override
			public byte[] footerBytes() {
				return new byte[0];
			}
		};
		assertThat(written(raw, () -> logger.info("a\nb"))).isEqualTo("a\nb");
	}
}
