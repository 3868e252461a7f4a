// ---------- callers of the push API, and clients of its JSON subprotocols ----------

// Callers: each keeps its connection, and sends the next request when the answer to the last one has come. The requests are lines of a file: a
// path, a space and a token; all callers together go through it line by line, again and again.
static struct { const char *path, *token; } *asks; static int nasks, nextask;
static int calls(conn *c) { return mode == PUSH || (mode == FANOUT && c->id == N && nasks); }
static void read_requests(const char *file) {
  FILE *f = fopen(file, "r"); char *line = 0; size_t cap = 0; if (!f) die("cannot read %s", file);
  while (getline(&line, &cap, f) > 0) {
    char *sp = strchr(line, ' '); if (!sp) die("a line of %s is no path and token", file);
    sp[strcspn(sp, "\r\n")] = 0; *sp = 0;
    if (!(nasks & (nasks - 1))) asks = realloc(asks, sizeof *asks * (nasks ? 2 * nasks : 1));
    asks[nasks].path = strdup(line); asks[nasks++].token = strdup(sp + 1);
  }
  free(line); fclose(f); if (!nasks) die("%s is empty", file);
}
static void call(conn *c, u64 t) {
  static char *b; if (!b) b = malloc(S + 16384);
  int i = nextask; nextask = (nextask + 1) % nasks;
  int n = snprintf(b, 16384, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n",
    asks[i].path, pushport ? pushport : port, asks[i].token, S);
  if (n >= 16384) die("a request is too long");
  memcpy(b + n, tmpl, S);
  if (hasseq) hex16((u8 *)b + n + seqoff, mode == FANOUT ? f_seq : (u32)c->id, mode == FANOUT ? 0 : c->sseq);
  if (c->ts) c->ts[c->sseq % P] = t;
  c->sseq++; wr(c, (u8 *)b, n + S);
}
// Answers have no body. c->off counts the characters of the empty line that ends an answer, c->hdrn those of its first line.
static void answers(conn *c, const u8 *p, const u8 *e) {
  static const char good[] = "HTTP/1.1 202", end[] = "\r\n\r\n";
  for (; p < e; p++) {
    if (c->hdrn < 12 && *p != good[c->hdrn++]) { e_verify++; note("answer: %.60s", (const char *)p); closec(c); return; }
    c->off = *p == end[c->off] ? c->off + 1 : *p == '\r';
    if (c->off < 4) continue;
    c->off = c->hdrn = 0; c->rseq++;
    if (mode == FANOUT) continue;
    if (measuring) done++, hadd(tnow - c->ts[(c->rseq - 1) % P]);
    if (!rate && !stopping) call(c, tnow);
  }
}

// Clients: what one sends is an event with a text, and what comes back is a message with the same text.
static const char *event_head = "{\"type\":\"event\",\"event\":\"message\",\"dataType\":\"text\",\"data\":\"", *event_tail = "\"}";
static const char *answer_head = "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":\"", *answer_tail = "\"}";
static u8 *expected; static int elen, emark; // what an echo is, and where its mark stands
static void make_expected(void) {
  if (!jsonsub) { expected = tmpl; elen = S; emark = 0; return; }
  int head = strlen(event_head), tail = strlen(event_tail), text = S - head - tail;
  emark = strlen(answer_head); elen = emark + text + strlen(answer_tail); expected = malloc(elen + 1);
  memcpy(expected, answer_head, emark); memcpy(expected + emark, tmpl + head, text); memcpy(expected + emark + text, answer_tail, strlen(answer_tail));
}
// Part of an echo. Returns 0 when the connection was closed, since the echo is too long.
static int check_echo(conn *c, const u8 *p, u64 n) {
  if (c->greeted != jsonsub || mode == LISTEN || reliable) return 1; // the server's greeting is no echo
  u64 o = c->off, from = o, to = o + n;
  if (to > (u64)elen) { e_verify++; note("echo longer than %d", elen); closec(c); return 0; }
  if (hasseq) {
    u8 h[16]; hex16(h, c->id, c->rseq); u64 a = from > (u64)emark ? from : emark, b = to < (u64)emark + 16 ? to : emark + 16;
    if (a < b && memcmp(h + (a - emark), p + (a - o), b - a)) e_verify++, note("sequence mark differs on connection %d", c->id);
  }
  if (!c->sampled) return 1;
  u64 m = hasseq ? emark : 0, k = hasseq ? emark + 16 : 0;
  if (from < m) { u64 b = to < m ? to : m; if (memcmp(expected + from, p, b - from)) e_verify++, note("content differs"); }
  if (to > k) { u64 a = from > k ? from : k; if (memcmp(expected + a, p + (a - o), to - a)) e_verify++, note("content differs"); }
  return 1;
}
// The client has got its first message, which has the number 1.
static void acknowledge(conn *c) {
  static const char ack[] = "{\"type\":\"sequenceAck\",\"sequenceId\":1}"; u8 b[64] = {0x81, 0x80 | (sizeof ack - 1)}; memcpy(b + 2, mkey, 4);
  for (size_t i = 0; i < sizeof ack - 1; i++) b[6 + i] = ack[i] ^ mkey[i & 3];
  wr(c, b, 6 + sizeof ack - 1);
}
