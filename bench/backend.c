// backend: a cheap webhook backend for bench/webhook.py. Answers each POST with its body as text/plain, on one thread; HTTP/1.1 and HTTP/2 in
// cleartext on the same port, told apart by the first bytes. It reads of a request only how long its body is and, over HTTP/2, which stream it
// is on: no header block is decoded, and the client's flow control is not kept, which small answers never exhaust.
//
//   backend --port 8080 [--delay MILLISECONDS] [--streams 1000]
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef uint8_t u8; typedef uint32_t u32; typedef uint64_t u64;
typedef struct { u8 *at; size_t size, room; } buffer;
typedef struct { u32 id; buffer body; } stream;                       // one that has not ended; few at a time
typedef struct { int fd, http2, writing; u32 life; size_t credit; buffer in, out; stream *streams; int open, room; } client;
typedef struct { u64 due; int fd; u32 life, id; buffer body; } answer; // one that waits

static client *clients; static int poller, most; static u64 delay; static u32 streams = 1000;
static answer *queue; static size_t head, tail, mask;                  // all wait equally long, so the first is due first

static void die(const char *what) { perror(what); exit(1); }
static u64 now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000ull + t.tv_nsec / 1000000; }

static void add(buffer *b, const void *bytes, size_t size) {
  if (b->size + size > b->room) { b->room = (b->size + size) * 2; if (!(b->at = realloc(b->at, b->room))) die("realloc"); }
  memcpy(b->at + b->size, bytes, size); b->size += size;
}
static void take(buffer *b, size_t size) { memmove(b->at, b->at + size, b->size - size); b->size -= size; }
static void empty(buffer *b) { free(b->at); memset(b, 0, sizeof *b); }

static void hang_up(client *c) {
  for (int i = 0; i < c->open; i++) empty(&c->streams[i].body);
  free(c->streams); empty(&c->in); empty(&c->out); close(c->fd);
  u32 life = c->life + 1; memset(c, 0, sizeof *c); c->fd = -1; c->life = life;
}

static int flush(client *c) { // 0 when the connection is over
  while (c->out.size) {
    ssize_t n = write(c->fd, c->out.at, c->out.size);
    if (n < 0 && errno != EAGAIN) return hang_up(c), 0;
    if (n < 0) break;
    take(&c->out, n);
  }
  int writing = c->out.size > 0;
  if (writing != c->writing) { struct epoll_event e = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.fd = c->fd}; epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &e); c->writing = writing; }
  return 1;
}

// --- answers ---

static void frame(buffer *out, size_t size, u8 type, u8 flags, u32 id) {
  u8 h[9] = {size >> 16, size >> 8, size, type, flags, id >> 24, id >> 16, id >> 8, id}; add(out, h, 9);
}

static void give(client *c, u32 id, const u8 *body, size_t size) {
  if (!c->http2) {
    char h[160]; add(&c->out, h, sprintf(h, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nWebHook-Allowed-Origin: *\r\nContent-Length: %zu\r\n\r\n", size));
    add(&c->out, body, size); return;
  }
  // :status: 200 of HPACK's table, content-type by its index there, webhook-allowed-origin in words
  static const char h[] = "\x88\x0f\x10\x0atext/plain\x00\x16webhook-allowed-origin\x01*";
  frame(&c->out, sizeof h - 1, 1, size ? 4 : 5, id); add(&c->out, h, sizeof h - 1);
  for (size_t at = 0; at < size; at += 16384) { size_t n = size - at > 16384 ? 16384 : size - at; frame(&c->out, n, 0, at + n == size, id); add(&c->out, body + at, n); }
}

static void answer_later(client *c, u32 id, const u8 *body, size_t size) {
  if (!delay || !size) { give(c, id, body, size); return; }
  if (tail - head == mask + 1) {
    answer *more = malloc((mask + 1) * 2 * sizeof *more); if (!more) die("malloc");
    for (size_t i = head; i < tail; i++) more[i & (mask * 2 + 1)] = queue[i & mask];
    free(queue); queue = more; mask = mask * 2 + 1;
  }
  answer *a = &queue[tail++ & mask]; memset(a, 0, sizeof *a);
  a->due = now() + delay; a->fd = c->fd; a->life = c->life; a->id = id; add(&a->body, body, size);
}

// --- requests ---

static int http1(client *c) { // 0 when there is no whole request
  u8 *end = memmem(c->in.at, c->in.size, "\r\n\r\n", 4); if (!end) return 0;
  size_t top = end - c->in.at + 4, length = 0; *end = 0;
  char *l = strcasestr((char *)c->in.at, "\r\nContent-Length:"); if (l) length = strtoul(l + 17, 0, 10);
  *end = '\r';
  if (c->in.size < top + length) return 0;
  answer_later(c, 0, c->in.at + top, length); take(&c->in, top + length); return 1;
}

static stream *known(client *c, u32 id) {
  for (int i = 0; i < c->open; i++) if (c->streams[i].id == id) return &c->streams[i];
  if (c->open == c->room) { c->room = c->room ? c->room * 2 : 16; if (!(c->streams = realloc(c->streams, c->room * sizeof *c->streams))) die("realloc"); }
  stream *s = &c->streams[c->open++]; memset(s, 0, sizeof *s); s->id = id; return s;
}

static void end_stream(client *c, stream *s, int answered) {
  if (answered) answer_later(c, s->id, s->body.at ? s->body.at : (u8 *)"", s->body.size);
  empty(&s->body); *s = c->streams[--c->open];
}

static void one_frame(client *c, u8 type, u8 flags, u32 id, const u8 *payload, size_t size) {
  switch (type) {
    case 0: { stream *s = known(c, id); add(&s->body, payload, size); c->credit += size;
      if (c->credit > 1 << 20) { u8 w[4] = {c->credit >> 24, c->credit >> 16, c->credit >> 8, c->credit}; frame(&c->out, 4, 8, 0, 0); add(&c->out, w, 4); c->credit = 0; }
      if (flags & 1) end_stream(c, s, 1);
      break; }
    case 1: { stream *s = known(c, id); if (flags & 1) end_stream(c, s, 1); break; }
    case 3: { stream *s = known(c, id); end_stream(c, s, 0); break; }
    case 4: if (!(flags & 1)) frame(&c->out, 0, 4, 1, 0); break;
    case 6: if (!(flags & 1)) { frame(&c->out, size, 6, 1, 0); add(&c->out, payload, size); } break;
  }
}

static void http2(client *c) {
  size_t at = 0;
  while (c->in.size - at >= 9) {
    u8 *h = c->in.at + at; size_t size = h[0] << 16 | h[1] << 8 | h[2];
    if (c->in.size - at < 9 + size) break;
    one_frame(c, h[3], h[4], (h[5] & 127u) << 24 | h[6] << 16 | h[7] << 8 | h[8], h + 9, size); at += 9 + size;
  }
  take(&c->in, at);
}

static void greet(client *c) { // our settings, and room for 2 GB on the connection
  u8 s[6] = {0, 3, streams >> 24, streams >> 16, streams >> 8, streams}, w[4] = {0x7f, 0xff, 0, 0};
  frame(&c->out, 6, 4, 0, 0); add(&c->out, s, 6); frame(&c->out, 4, 8, 0, 0); add(&c->out, w, 4);
}

static void readable(client *c) {
  static u8 bytes[1 << 18]; static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  ssize_t n = read(c->fd, bytes, sizeof bytes);
  if (n <= 0) { if (n == 0 || errno != EAGAIN) hang_up(c); return; }
  add(&c->in, bytes, n);
  if (!c->http2 && c->in.size >= 24 && !memcmp(c->in.at, preface, 24)) { c->http2 = 1; take(&c->in, 24); greet(c); }
  if (c->http2) http2(c); else while (http1(c)) ;
  flush(c);
}

static void give_due(void) {
  u64 t = now();
  while (head != tail && queue[head & mask].due <= t) {
    answer *a = &queue[head++ & mask]; client *c = &clients[a->fd];
    if (c->fd >= 0 && c->life == a->life) give(c, a->id, a->body.at, a->body.size);
    empty(&a->body);
    if (head == tail || queue[head & mask].fd != a->fd) { if (c->fd >= 0) flush(c); }
  }
}

int main(int argc, char **argv) {
  static struct option o[] = {{"port", 1, 0, 'p'}, {"delay", 1, 0, 'd'}, {"streams", 1, 0, 's'}, {0}};
  int port = 8080, ch; while ((ch = getopt_long(argc, argv, "", o, 0)) != -1) switch (ch) {
    case 'p': port = atoi(optarg); break; case 'd': delay = atoi(optarg); break; case 's': streams = atoi(optarg); break; default: return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl); most = rl.rlim_max < 65536 ? rl.rlim_max : 65536;
  clients = calloc(most, sizeof *clients); for (int i = 0; i < most; i++) clients[i].fd = -1;
  mask = 1023; queue = malloc((mask + 1) * sizeof *queue); poller = epoll_create1(0);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1; setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (void *)&a, sizeof a) || listen(listener, 4096)) die("listen");
  struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, es[256]; epoll_ctl(poller, EPOLL_CTL_ADD, listener, &e);
  while (1) {
    int n = epoll_wait(poller, es, 256, head == tail ? -1 : 1); if (n < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < n; i++) {
      int fd = es[i].data.fd;
      if (fd == listener) {
        while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
          if (fd >= most) { close(fd); continue; }
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); clients[fd].fd = fd;
          e = (struct epoll_event){.events = EPOLLIN, .data.fd = fd}; epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
        }
      }
      else if (clients[fd].fd >= 0) { if (es[i].events & EPOLLOUT && !flush(&clients[fd])) continue; if (es[i].events & ~EPOLLOUT) readable(&clients[fd]); }
    }
    give_due();
  }
}
