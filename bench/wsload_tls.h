// TLS 1.3 below the WebSocket, with OpenSSL; part of wsload.c. Without -DTLS the load generator has none.
#ifdef TLS
#include <openssl/err.h>
#include <openssl/ssl.h>

static SSL_CTX *tls;
static void tls_setup(const char *ca) {
  tls = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256"); // one for all servers, whichever each would prefer
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(tls, 1);
  if (!SSL_CTX_load_verify_locations(tls, ca, 0)) die("cannot read the certificate %s", ca);
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, 0);
  if (http2 && SSL_CTX_set_alpn_protos(tls, (const u8 *)"\2h2", 3)) die("ALPN failed");
}
static int tls_again(conn *c, int k) { int e = SSL_get_error(c->ssl, k); return e == SSL_ERROR_WANT_READ ? 1 : e == SSL_ERROR_WANT_WRITE ? 2 : 0; }
// Returns 1 when the handshake is complete, 0 when it goes on, and -1 when it has failed.
static int tls_step(conn *c) {
  if (!c->ssl) { c->ssl = SSL_new(tls); SSL_set_fd(c->ssl, c->fd); SSL_set1_host(c->ssl, "localhost"); SSL_set_tlsext_host_name(c->ssl, "localhost"); }
  ERR_clear_error(); int k = SSL_connect(c->ssl);
  if (k != 1) { int again = tls_again(c, k); if (again) { arm(c, again == 2); return 0; } note("TLS: %s", ERR_peek_error() ? ERR_reason_error_string(ERR_peek_error()) : "closed"); return -1; }
  const u8 *p; unsigned n; SSL_get0_alpn_selected(c->ssl, &p, &n);
  if (SSL_version(c->ssl) != TLS1_3_VERSION || (http2 && (n != 2 || memcmp(p, "h2", 2)))) { note("TLS: another version, or no HTTP/2"); return -1; }
  return 1;
}
static ssize_t tls_send(conn *c, const void *b, size_t n) {
  ERR_clear_error(); int k = SSL_write(c->ssl, b, (int)n); if (k > 0) return k;
  errno = tls_again(c, k) ? EAGAIN : EPIPE; return -1;
}
static ssize_t tls_recv(conn *c, void *b, size_t n) { // all that OpenSSL has, since epoll does not know of bytes that it has taken out of the socket
  size_t got = 0;
  while (got < n) {
    ERR_clear_error(); int k = SSL_read(c->ssl, (u8 *)b + got, (int)(n - got));
    if (k > 0) { got += k; continue; }
    int again = tls_again(c, k); if (got) break;
    if (again) { errno = EAGAIN; return -1; }
    if (SSL_get_error(c->ssl, k) == SSL_ERROR_ZERO_RETURN) return 0;
    errno = ECONNRESET; return -1;
  }
  return (ssize_t)got;
}
static int tls_has_more(conn *c) { return c->ssl && SSL_has_pending(c->ssl); }
static void tls_end(conn *c) { if (c->ssl) { SSL_free(c->ssl); c->ssl = 0; } }
#else
static void *tls;
static void tls_setup(const char *ca) { die("this load generator was built without TLS, so it cannot use %s: install libssl-dev and build it again", ca); }
static int tls_step(conn *c) { (void)c; return -1; }
static ssize_t tls_send(conn *c, const void *b, size_t n) { (void)c; (void)b; (void)n; return -1; }
static ssize_t tls_recv(conn *c, void *b, size_t n) { (void)c; (void)b; (void)n; return -1; }
static int tls_has_more(conn *c) { (void)c; return 0; }
static void tls_end(conn *c) { (void)c; }
#endif
