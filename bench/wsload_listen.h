// ---------- clients that only listen, and numbers in paths ----------

// Each message begins with 16 hexadecimal digits: the time at which it was due, on the clock that all processes of the machine share.
static volatile sig_atomic_t report_; static void on_report(int s) { (void)s; report_ = 1; }
static u64 nheard;
static void keep_stamp(conn *c, const u8 *p, u64 n) {
  if (!c->mark) c->mark = calloc(1, 17);
  memcpy(c->mark + c->off, p, n < 16 - c->off ? n : 16 - c->off);
}
static void heard(conn *c) {
  u64 due = c->mark && c->off >= 16 ? strtoull((char *)c->mark, 0, 16) : 0;
  if (!due || due > tnow + 1000000000ull) { e_verify++; note("a message without its time"); return; }
  nheard++; hadd(tnow > due ? tnow - due : 0);
}
static void report_if_asked(void) {
  if (!report_) return;
  report_ = 0;
  printf("{\"open\":%d,\"count\":%llu,\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f,\"first_error\":\"%s\"}\n", nopen, (unsigned long long)nheard, hpct(50), hpct(99), hmax / 1e3, firsterr);
  memset(hist, 0, sizeof hist); nheard = hcount = hmax = hsum = 0;
}

// A path with the number of the connection in place of {n}; valid until the next call.
static const char *numbered(const char *p) {
  static char b[2048]; static unsigned next; const char *at = strstr(p, "{n}");
  if (!at) return p;
  snprintf(b, sizeof b, "%.*s%u%s", (int)(at - p), p, next++, at + 3);
  return b;
}
