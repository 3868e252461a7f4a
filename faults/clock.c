/*
 * A clock that can be set: preloaded into a process, it adds to the time of day as many seconds as the file that FAULTS_CLOCK names
 * holds as text. Monotonic clocks, which nobody can set, stay as they are.
 *
 *   cc -shared -fPIC -O2 -o clock.so clock.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *volatile offset; /* sixteen characters */

__attribute__((constructor)) static void map(void) {
	const char *name = getenv("FAULTS_CLOCK");
	int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	if (file < 0)
		return;
	void *mapped = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
	if (mapped != MAP_FAILED)
		offset = mapped;
	close(file);
}

static long seconds(void) {
	return offset ? atol(offset) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
	static int (*real)(clockid_t, struct timespec *);
	if (!real)
		real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	int result = real(clock, now);
	if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += seconds();
	return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
	static int (*real)(struct timeval *, void *);
	if (!real)
		real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
	int result = real(now, zone);
	now->tv_sec += seconds();
	return result;
}

time_t time(time_t *out) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}
