package dev.hawser.http;

import dev.hawser.http.proxy.RefusedRequestException;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;

/**
 * Refuses requests over TLS to a host that the certificate does not name: they were sent to the wrong server (RFC 9110 section
 * 15.5.20). Jetty's own check does the same, but answers 400 without a reason.
 */
final class CertificateHostCheck extends SecureRequestCustomizer {

	private CertificateHostCheck(SecureRequestCustomizer like, boolean check) {
		super(check && like.isSniRequired(), check && like.isSniHostCheck(), like.getStsMaxAge(), like.isStsIncludeSubDomains());
	}

	/** Replaces Jetty's check, if there is one. */
	static void replaceIn(HttpConfiguration configuration, RequestSettings settings) {
		configuration.getCustomizers().replaceAll(
				customizer -> customizer instanceof SecureRequestCustomizer jetty ? new CertificateHostCheck(jetty, settings.sniCheck())
						: customizer);
	}

	@Override
	protected void checkSni(Request request, SSLSession session) {
		try {
			super.checkSni(request, session);
		}
		catch (HttpException.RuntimeException e) {
			throw new RefusedRequestException(HttpStatus.MISDIRECTED_REQUEST_421, "sni",
					"The server's certificate does not name the host that the request is for; hawser.request.sni-check turns this check off.");
		}
	}
}
