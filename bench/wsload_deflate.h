// permessage-deflate (RFC 7692) with zlib; part of wsload.c. Without -DDEFLATE the load generator has none. Every message that comes back must be
// compressed, and be what was sent once it is inflated.
static const char *deflate_offer(void) { return takeover ? "permessage-deflate" : "permessage-deflate; server_no_context_takeover; client_no_context_takeover"; }
// What is wrong with the extensions of the server's answer, or 0; a server must do what the row is about.
static const char *deflate_refused(const char *head) {
  if (!strcasestr(head, "permessage-deflate")) return "permessage-deflate was not accepted";
  if (takeover ? strcasestr(head, "no_context_takeover") != 0 : !strcasestr(head, "server_no_context_takeover")) return "the server shares windows in another way than it was asked for";
  if (strcasestr(head, "window_bits")) return "the server limits a window, which was not asked for";
  return 0;
}
// Documents of S bytes with the same names and different values. There are more than a window of 32 KiB holds, so that none is still in it when
// it comes again. Their "id" is the mark of the message.
enum { DOCS = 64 };
static u8 *docs[DOCS];
static void make_documents(void) {
  static const char *words[] = {"amber", "river", "stone", "window", "garden", "paper", "silver", "market", "number", "bridge", "summer", "letter", "engine", "corner", "button", "yellow", "forest", "silent", "driver", "copper", "island", "planet", "record", "signal", "ticket", "valley", "wallet", "zephyr", "harbor", "jungle", "kettle", "lantern"};
  u64 r = 0x9E3779B97F4A7C15ull;
  if (S < 128) die("a JSON document has at least 128 bytes");
  for (int d = 0; d < DOCS; d++) {
    char *b = malloc(S + 256); int n = sprintf(b, "{\"id\":\"%016d\",\"type\":\"order\",\"items\":[", 0), first = 1;
#define PICK(k) (r ^= r << 13, r ^= r >> 7, r ^= r << 17, (unsigned)(r >> 20) % (k))
    while (n < S - 100) {
      unsigned sku = PICK(900000), quantity = PICK(20), whole = PICK(500), cents = PICK(100), one = PICK(32), two = PICK(32);
      n += sprintf(b + n, "%s{\"sku\":\"%06u\",\"name\":\"%s %s\",\"quantity\":%u,\"price\":%u.%02u}", first ? "" : ",", 100000 + sku, words[one], words[two], 1 + quantity, whole, cents); first = 0;
    }
    n += sprintf(b + n, "],\"note\":\"");
    while (n < S - 2) b[n++] = (char)('a' + PICK(26));
    memcpy(b + S - 2, "\"}", 2); docs[d] = (u8 *)b;
  }
}
#ifdef DEFLATE
static const u8 *document(conn *c, u32 seq) { // in a buffer that the next call overwrites
  static u8 *b; if (!b) b = malloc(S + 1);
  memcpy(b, docs[(c->id * 7 + seq) % DOCS], S); hex16(b + seqoff, c->id, seq); return b;
}

#include <zlib.h>

typedef struct { z_stream out, in; } zpair;
static zpair *zalone; // for messages that share no window
static zpair *zpair_new(void) {
  zpair *z = calloc(1, sizeof *z);
  if (deflateInit2(&z->out, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK || inflateInit2(&z->in, -15) != Z_OK) die("zlib failed");
  return z;
}
static zpair *zpair_of(conn *c) {
  if (takeover) { if (!c->z) c->z = zpair_new(); return c->z; }
  if (!zalone) zalone = zpair_new();
  deflateReset(&zalone->out); inflateReset(&zalone->in); return zalone;
}
static void deflate_end(conn *c) { zpair *z = c->z; if (z) { deflateEnd(&z->out); inflateEnd(&z->in); free(z); c->z = 0; } free(c->zb); c->zb = 0; c->zn = c->zcap = 0; }
static u32 deflated_frame(conn *c, u32 seq, u8 *o) { // returns its length
  z_stream *z = &zpair_of(c)->out; u8 *p = o + 14;
  z->next_in = (u8 *)document(c, seq); z->avail_in = S; z->next_out = p; z->avail_out = S * 2 + 64;
  if (deflate(z, Z_SYNC_FLUSH) != Z_OK || z->avail_in) die("deflate failed");
  u32 n = (u32)(z->next_out - p) - 4; int h = n < 126 ? 6 : n < 65536 ? 8 : 14; // without 00 00 ff ff
  o[0] = 0xC1;
  if (n < 126) o[1] = 0x80 | n; else if (n < 65536) o[1] = 0xfe, o[2] = n >> 8, o[3] = n; else { o[1] = 0xff; for (int i = 0; i < 8; i++) o[2 + i] = (u8)((u64)n >> (56 - 8 * i)); }
  memcpy(o + h - 4, mkey, 4); for (u32 i = 0; i < n; i++) o[h + i] = p[i] ^ mkey[i & 3];
  return h + n;
}
static void deflate_gather(conn *c, const u8 *p, u32 n) {
  if (c->zn + n + 4 > c->zcap) c->zb = realloc(c->zb, c->zcap = (c->zn + n + 4) * 2);
  memcpy(c->zb + c->zn, p, n); c->zn += n;
}
static void deflate_verify(conn *c) {
  static u8 *text; if (!text) text = malloc(S + 1);
  if (!c->zb) { e_verify++; note("an empty compressed message"); return; }
  memcpy(c->zb + c->zn, "\0\0\xff\xff", 4); z_stream *z = &zpair_of(c)->in;
  z->next_in = c->zb; z->avail_in = c->zn + 4; z->next_out = text; z->avail_out = S + 1; c->zn = 0;
  int r = inflate(z, Z_SYNC_FLUSH);
  if ((r != Z_OK && r != Z_BUF_ERROR) || z->avail_in || z->avail_out != 1) { e_verify++; note("the compressed message cannot be inflated, or has another length (%d)", r); return; }
  if (memcmp(text, document(c, c->rseq), S)) e_verify++, note("content differs on connection %d", c->id);
}
#else
static void deflate_setup(void) { die("this load generator was built without compression: install zlib1g-dev and build it again"); }
static void deflate_end(conn *c) { (void)c; }
static u32 deflated_frame(conn *c, u32 seq, u8 *o) { (void)c; (void)seq; (void)o; return 0; }
static void deflate_gather(conn *c, const u8 *p, u32 n) { (void)c; (void)p; (void)n; }
static void deflate_verify(conn *c) { (void)c; }
#endif
