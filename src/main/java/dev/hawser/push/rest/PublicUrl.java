package dev.hawser.push.rest;

import dev.hawser.settings.SettingCheck;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A URL below which others see a part of this server, such as {@code https://example.com/hawser}. */
final class PublicUrl {
	private static final Set<String> SCHEMES = Set.of("http", "https");

	private PublicUrl() {
	}

	/** @throws IllegalArgumentException with a sentence that begins with the property */
	static void check(SettingCheck check, String name, @Nullable String url) {
		check.require(url == null || isBase(url), name
				+ " must be an http or https URL with a host, and without a user name, a query or a fragment, such as https://push.example.com.");
	}

	private static boolean isBase(String url) {
		try {
			URI uri = URI.create(url);
			return uri.getScheme() != null && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT)) && uri.getHost() != null
					&& uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
		}
		catch (IllegalArgumentException e) {
			return false;
		}
	}

	static String withoutSlash(String url) {
		return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
	}

	/** The URL below which the server itself was asked: its origin and its context path. */
	static String of(HttpServletRequest request) {
		return of(request.getScheme(), request.getServerName(), request.getServerPort()) + request.getContextPath();
	}

	/** The URL of the server itself, without a path. */
	static String of(String scheme, String host, int port) {
		return scheme + "://" + host + ':' + port;
	}
}
