// WebSockets as streams of HTTP/2 (RFC 9113, RFC 8441), for the mode echo; part of wsload.c. A carrier is the TCP connection of several streams. It is
// a conn too, so TLS and waiting output are the same code. Of HPACK this knows what it sends, and ":status 200" of the static table.
struct h2 { u8 in[9 + 16384]; u32 inn; u8 *out; u32 outn, outcap; int64_t window; u64 unacked; int ready, corked; };
static int64_t h2_stream_window = 65535; // of the server, for each new stream; the same on all connections
enum { H2_OURS = 1 << 24 };

static void h2_flush(conn *k) { struct h2 *h = k->h2; if (h->outn && k->state != CLOSED) { u32 n = h->outn; h->outn = 0; wr(k, h->out, n); } }
static u8 *h2_head(conn *k, u32 n, int type, int flags, u32 sid) { // returns where the payload goes
  struct h2 *h = k->h2;
  if (h->outn + 9 + n > h->outcap) h->out = realloc(h->out, h->outcap = (h->outn + 9 + n) * 2);
  u8 *o = h->out + h->outn; o[0] = n >> 16; o[1] = n >> 8; o[2] = n; o[3] = type; o[4] = flags; o[5] = sid >> 24; o[6] = sid >> 16; o[7] = sid >> 8; o[8] = sid;
  h->outn += 9 + n; return o + 9;
}
static void put32(u8 *o, u32 v) { o[0] = v >> 24; o[1] = v >> 16; o[2] = v >> 8; o[3] = v; }
static u32 get32(const u8 *p) { return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
static void h2_send(conn *c, const u8 *b, u32 n) { // one WebSocket's bytes
  conn *k = c->up; struct h2 *h = k->h2; if (k->state == CLOSED) return;
  c->window -= n; h->window -= n;
  if (c->window < 0 || h->window < 0) { e_proto++; note("the server's window of HTTP/2 is too small for this load"); return; }
  while (n) { u32 m = n < 16384 ? n : 16384; memcpy(h2_head(k, m, 0, 0, c->sid), b, m); b += m; n -= m; }
  if (!h->corked) h2_flush(k);
}
static u8 *h2_int(u8 *o, int first, int bits, u32 v) {
  u32 max = (1u << bits) - 1; if (v < max) { *o++ = first | v; return o; }
  *o++ = first | max; v -= max; while (v >= 128) *o++ = 128 | (v & 127), v >>= 7; *o++ = v; return o;
}
static u8 *h2_text(u8 *o, const char *s) { u32 n = strlen(s); o = h2_int(o, 0, 7, n); memcpy(o, s, n); return o + n; }
static void h2_request(conn *c) {
  u8 b[8192], *o = b; char host[32]; snprintf(host, sizeof host, "localhost:%d", port);
  o = h2_int(o, 0, 4, 2); o = h2_text(o, "CONNECT");
  *o++ = 0; o = h2_text(o, ":protocol"); o = h2_text(o, "websocket");
  *o++ = tls ? 0x87 : 0x86;
  o = h2_int(o, 0, 4, 4); o = h2_text(o, path); o = h2_int(o, 0, 4, 1); o = h2_text(o, host);
  *o++ = 0; o = h2_text(o, "sec-websocket-version"); o = h2_text(o, "13");
  c->window = h2_stream_window; memcpy(h2_head(c->up, o - b, 1, 4, c->sid), b, o - b); c->state = UPGRADING;
}
static void h2_begin(conn *k) { // the preface of a carrier that is connected
  k->state = CARRIER; nconnecting--; arm(k, 0); struct h2 *h = k->h2; h->window = 65535;
  static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"; h->out = malloc(h->outcap = 65536); memcpy(h->out, preface, 24); h->outn = 24;
  u8 *o = h2_head(k, 12, 4, 0, 0); memcpy(o, "\0\2\0\0\0\0\0\4", 8); put32(o + 8, H2_OURS); put32(h2_head(k, 4, 8, 0, 0), H2_OURS);
  h2_flush(k);
}
static conn *h2_stream(conn *k, u32 sid) { u32 i = (sid - 1) / 2; conn *c = i < (u32)http2 ? &C[(k - K) * http2 + i] : 0; return sid % 2 && c && c < C + ncon && c->up == k ? c : 0; }
static void h2_settings(conn *k, const u8 *p, u32 n) {
  struct h2 *h = k->h2; int connect = 0;
  for (; n >= 6; p += 6, n -= 6) {
    u32 id = p[0] << 8 | p[1], v = get32(p + 2);
    if (id == 4) { int64_t change = (int64_t)v - h2_stream_window; h2_stream_window = v; for (int i = 0; i < http2 && h->ready; i++) { conn *c = h2_stream(k, 2 * i + 1); if (c) c->window += change; } }
    if (id == 8 && v == 1) connect = 1;
  }
  h2_head(k, 0, 4, 1, 0);
  if (h->ready) return;
  if (!connect) { e_upgrade++; note("the server has no extended CONNECT"); closec(k); return; }
  h->ready = 1;
  for (int i = 0; i < http2; i++) { conn *c = h2_stream(k, 2 * i + 1); if (c && c->state == CONNECTING) h2_request(c); }
}
static void h2_headers(conn *c, const u8 *p, u32 n, int flags) {
  if (c->state != UPGRADING) return; // trailers
  u32 pad = 0; if (flags & 8 && n) pad = *p++, n--; if (flags & 32 && n >= 5) p += 5, n -= 5;
  n = n > pad ? n - pad : 0;
  while (n && (*p & 0xe0) == 0x20) { int more = (*p & 31) == 31; p++; n--; while (more && n) more = *p & 128, p++, n--; } // another size of the table
  if (!n || *p != 0x88 || flags & 1) { e_upgrade++; note("answer over HTTP/2 begins with %02x", n ? *p : 0); closec(c); return; }
  c->state = OPEN; nconnecting--; nopen++; opened++;
}
static void h2_frame(conn *k, const u8 *f, u32 n) {
  struct h2 *h = k->h2; int type = f[3], flags = f[4]; u32 sid = get32(f + 5) & 0x7fffffff; u8 *p = (u8 *)f + 9; conn *c = sid ? h2_stream(k, sid) : 0;
  switch (type) {
    case 0: { // DATA
      h->unacked += n; if (h->unacked > H2_OURS / 2) put32(h2_head(k, 4, 8, 0, 0), h->unacked), h->unacked = 0;
      if (!c || c->state < UPGRADING) return;
      c->unacked += n; if (c->unacked > H2_OURS / 2) put32(h2_head(k, 4, 8, 0, sid), c->unacked), c->unacked = 0;
      u32 pad = 0; if (flags & 8 && n) pad = *p++, n--; if (n > pad) { if (!frames(c, p, p + n - pad)) return; }
      if (flags & 1) { if (c->state == OPEN && !stopping) e_closed++, note("the server has ended a stream"); closec(c); }
      return;
    }
    case 1: if (!(flags & 4)) { e_proto++; note("headers in several frames"); closec(k); } else if (c) h2_headers(c, p, n, flags); return;
    case 3: if (c) { if (c->state == UPGRADING) e_upgrade++; else if (c->state == OPEN && !stopping) e_closed++; if (!stopping) note("stream reset with %u", n >= 4 ? get32(p) : 0); closec(c); } return;
    case 4: if (!(flags & 1)) h2_settings(k, p, n); return;
    case 6: if (!(flags & 1) && n == 8) memcpy(h2_head(k, 8, 6, 1, 0), p, 8); return;
    case 7: if (!stopping) e_closed++, note("GOAWAY with %u", n >= 8 ? get32(p + 4) : 0); return;
    case 8: if (n == 4) { if (c) c->window += get32(p) & 0x7fffffff; else if (!sid) h->window += get32(p) & 0x7fffffff; } return;
  }
}
static void h2_bytes(conn *k, const u8 *p, u32 n) {
  struct h2 *h = k->h2; h->corked = 1;
  while (n && k->state != CLOSED) {
    u32 want = h->inn < 9 ? 9 : 9 + (h->in[0] << 16 | h->in[1] << 8 | h->in[2]);
    if (want > sizeof h->in) { e_proto++; note("a frame of HTTP/2 over 16 KiB"); closec(k); break; }
    u32 m = want - h->inn < n ? want - h->inn : n; memcpy(h->in + h->inn, p, m); h->inn += m; p += m; n -= m;
    if (h->inn < 9) break;
    want = 9 + (h->in[0] << 16 | h->in[1] << 8 | h->in[2]);
    if (h->inn == want) { h->inn = 0; h2_frame(k, h->in, want - 9); }
  }
  if (k->state != CLOSED) { h->corked = 0; h2_flush(k); }
}
// Opens the carrier of a stream if it is not open, and then the stream.
static void h2_open(conn *c) {
  conn *k = c->up = &K[c->id / http2]; c->sid = 2 * (c->id % http2) + 1; c->state = CONNECTING; nconnecting++;
  if (k->state == CLOSED) { k->id = c->id / http2; openc(k); if (k->state == CLOSED) { closec(c); return; } if (!k->h2) k->h2 = calloc(1, sizeof(struct h2)); }
  if (k->h2->ready) { h2_request(c); h2_flush(k); }
}
static void h2_end(conn *k) { // the carrier is closed, so its streams are too
  if (k->h2) { free(k->h2->out); free(k->h2); k->h2 = 0; }
  for (int i = 0; i < http2; i++) { conn *c = h2_stream(k, 2 * i + 1); if (c && c->state != CLOSED) { if (c->state == OPEN && !stopping) e_closed++, note("the carrier of a stream was closed"); closec(c); } }
}
