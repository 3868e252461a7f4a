package dev.hawser.cluster;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.protocol.RedisProtocolException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why Redis has not done what this node has asked for: a word for the metric, and a sentence for the log that says what to do. */
enum RedisFailure {
	/** There is no connection, so that nothing was sent. What connects says so in the log. */
	AWAY(""),
	/** There was no answer: it is not known whether the command was carried out. */
	SILENT(""),
	OOM("Redis is full (OOM): what is for other nodes is refused until there is room; raise its maxmemory, or take other data out of it"),
	READONLY("This Redis is a copy that takes no writes (READONLY): this node connects again until it finds a primary;"
			+ " where there are sentinels, name them in spring.data.redis.sentinel.*"),
	LOADING("Redis loads its data (LOADING): what is for other nodes is refused until it has done so"),
	BUSY("Redis is busy with a script of another program (BUSY): what is for other nodes is refused until it ends; SCRIPT KILL ends it"),
	MISCONF("Redis takes no writes because it cannot save its data (MISCONF): look at its log and its disk"),
	NOPERM("Redis does not let this node's user do what it must (NOPERM): give the user the rights that docs/scaling.md lists"),
	NOAUTH("Redis wants a password (NOAUTH): set spring.data.redis.password, and spring.data.redis.username for a user of ACL"),
	WRONGPASS(
			"Redis does not accept the user or the password (WRONGPASS): look at spring.data.redis.username and spring.data.redis.password"),
	WRONGTYPE(
			"A key of this cluster has a value of another kind (WRONGTYPE): another program writes keys that begin with hawser.cluster.prefix"),
	MOVED("This Redis is part of a Redis Cluster (MOVED): name it in spring.data.redis.cluster.nodes, and not in spring.data.redis.host"),
	CLUSTERDOWN("The Redis Cluster does not serve all slots (CLUSTERDOWN): look for a primary that is away"),
	MASTERDOWN("This Redis is a copy without its primary (MASTERDOWN)"),
	NOREPLICAS("Redis takes no writes because too few copies follow it (NOREPLICAS): look at its copies, or at min-replicas-to-write"),
	/** A slot of a Redis Cluster is on its way to another node of it. */
	TRYAGAIN(""),
	NOSCRIPT("Redis does not know a script of this node any more (NOSCRIPT), as after SCRIPT FLUSH: it is sent whole again"),
	CERTIFICATE("Redis's certificate or TLS is not accepted: look at spring.data.redis.ssl.bundle and spring.data.redis.ssl.enabled"),
	/** What answers is no Redis, or an old one. */
	UNUSABLE("What answers in Redis's place cannot be used: Hawser needs a Redis of version 6.2 or later"),
	REFUSED("Redis has refused a command");

	/** Before version 7, an error within a script comes after other words, as {@code -OOM command not allowed}. */
	private static final Pattern WITHIN_SCRIPT = Pattern.compile("-?([A-Z]{3,})(?= )");
	private static final int LONGEST = 200;

	private final String sentence;

	RedisFailure(String sentence) {
		this.sentence = sentence;
	}

	/** In a metric. */
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** What to tell an operator; empty when another line of the log does so. */
	String sentence() {
		return sentence;
	}

	static RedisFailure of(@Nullable Throwable failure) {
		RedisFailure otherwise = SILENT;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			switch (cause) {
				case RedisAwayException _ -> {
					return AWAY;
				}
				case RedisUnusableException _,RedisProtocolException _ -> {
					return UNUSABLE;
				}
				case RedisRefusedException refused -> {
					return said(refused.getMessage());
				}
				case RedisCommandExecutionException refused -> {
					return said(refused.getMessage());
				}
				case SSLException _,CertificateException _ -> {
					return CERTIFICATE;
				}
				case RedisConnectionException _,IOException _ -> otherwise = AWAY; // its cause may say more
				default -> {
					// its cause may say more
				}
			}
		}
		return otherwise;
	}

	private static RedisFailure said(@Nullable String message) {
		String text = String.valueOf(message);
		if (text.contains("The user executing the script")) {
			return NOPERM;
		}
		if (text.startsWith("ERR Error running script")) {
			Matcher codes = WITHIN_SCRIPT.matcher(text);
			return codes.results().map(code -> named(code.group(1))).filter(known -> known != REFUSED).findFirst().orElse(REFUSED);
		}
		return named(text.split(" ", 2)[0]);
	}

	private static RedisFailure named(String code) {
		return switch (code) {
			case "OOM" -> OOM;
			case "READONLY" -> READONLY;
			case "LOADING" -> LOADING;
			case "BUSY" -> BUSY;
			case "MISCONF" -> MISCONF;
			case "NOPERM" -> NOPERM;
			case "NOAUTH" -> NOAUTH;
			case "WRONGPASS" -> WRONGPASS;
			case "WRONGTYPE" -> WRONGTYPE;
			case "MOVED", "ASK" -> MOVED;
			case "CLUSTERDOWN" -> CLUSTERDOWN;
			case "MASTERDOWN" -> MASTERDOWN;
			case "NOREPLICAS" -> NOREPLICAS;
			case "TRYAGAIN" -> TRYAGAIN;
			case "NOSCRIPT" -> NOSCRIPT;
			default -> REFUSED;
		};
	}

	/** Redis's own words, without what Redis repeats of the command: that may be a payload. */
	static String words(@Nullable Throwable failure) {
		String message = failure == null ? "" : failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
		int command = message.indexOf(", with args");
		String known = (command < 0 ? message : message.substring(0, command)).replaceAll("\\p{Cntrl}", " ");
		return known.length() > LONGEST ? known.substring(0, LONGEST) : known;
	}
}
