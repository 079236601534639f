// Many viewers in one process: connects, reads, counts, and keeps nothing.
//
//   load PORT PATH VIEWERS [--protocol P] [--deflate] [--raw] [--stall K] [--lazy MS] [--seconds S]
//
// Says {"ready":…} on stdout once every viewer is connected; then each line on stdin ("snap") gets
// one line of JSON; end of input ends it, and so does --seconds. With --lazy, sockets are read every
// MS milliseconds rather than at once, so that the receivers take little of the machine, whatever
// the size of the messages. With a subprotocol, text messages are not counted: they are control
// messages, which depend on when a viewer joined. --stall: the last K viewers
// never read. --raw: no WebSocket, only bytes.
#include "ws.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 64, STALLED_BUFFER = 4096 };

struct viewer {
    struct ws ws;
    uint64_t lines;
};

static struct viewer *viewers;
static size_t count, started, opened, lost;
static struct ws_request request;
static bool raw;
static size_t stalled;
static int epoll_fd;
static int64_t last_message;

static void on_data(struct ws *ws, const uint8_t *bytes, size_t size, bool start, bool end) {
    (void)start;
    if (end) last_message = now_ns();
    if (ws->compressed) return;
    struct viewer *viewer = ws->user;
    for (const uint8_t *at = bytes, *stop = bytes + size; (at = memchr(at, '\n', (size_t)(stop - at))); at++)
        viewer->lines++;
}

static bool start_one(void) {
    struct viewer *viewer = &viewers[started];
    viewer->ws.user = viewer;
    viewer->ws.stalled = started >= count - stalled;
    viewer->ws.fd = ws_connect(request.port, started, viewer->ws.stalled ? STALLED_BUFFER : 0);
    if (viewer->ws.fd < 0) return false;
    struct epoll_event event = {.events = EPOLLOUT, .data.u64 = started};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, viewer->ws.fd, &event);
    started++;
    return true;
}

static void drop(struct viewer *viewer) {
    if (viewer->ws.fd < 0) return;
    close(viewer->ws.fd);
    viewer->ws.fd = -1;
    viewer->ws.closed = true;
    lost++;
}

static void on_event(size_t index, uint32_t events) {
    static uint8_t buffer[1 << 18];
    struct viewer *viewer = &viewers[index];
    struct ws *ws = &viewer->ws;
    if (events & EPOLLOUT) { // connected
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(ws->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error || !(raw || ws_upgrade(ws, &request))) {
            drop(viewer);
            return;
        }
        if (raw) ws->open = true, opened++;
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = index};
        epoll_ctl(epoll_fd, EPOLL_CTL_MOD, ws->fd, &event);
        return;
    }
    ssize_t size = recv(ws->fd, buffer, sizeof buffer, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
        drop(viewer);
        return;
    }
    if (raw) {
        ws->wire += (uint64_t)size;
        last_message = now_ns();
        return;
    }
    bool was_open = ws->open;
    ws_feed(ws, buffer, (size_t)size, on_data);
    if (ws->closed) {
        drop(viewer);
    } else if (ws->open && !was_open) {
        opened++;
        if (ws->stalled) epoll_ctl(epoll_fd, EPOLL_CTL_DEL, ws->fd, NULL);
    }
}

static void snapshot(void) {
    uint64_t wire = 0, messages = 0, lines = 0, least = UINT64_MAX, most = 0;
    uint64_t least_lines = UINT64_MAX;
    size_t deflate = 0, readers = 0;
    for (size_t i = 0; i < count; i++) {
        struct ws *ws = &viewers[i].ws;
        if (ws->stalled) continue;
        readers++;
        uint64_t own = ws->messages - (request.protocol ? ws->texts : 0);
        wire += ws->wire, messages += own, lines += viewers[i].lines, deflate += ws->deflate;
        if (own < least) least = own;
        if (own > most) most = own;
        if (viewers[i].lines < least_lines) least_lines = viewers[i].lines;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
               + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"viewers\":%zu,\"lost\":%zu,\"deflate\":%zu,\"wire\":%lu,\"messages\":%lu,\"lines\":%lu,"
           "\"least_messages\":%lu,\"most_messages\":%lu,"
           "\"least_lines\":%lu,\"last_message_ns\":%ld,\"now_ns\":%ld,\"cpu\":%.6f}\n",
           readers, lost, deflate, wire, messages, lines, least, most,
           least_lines, (long)last_message, (long)now_ns(), cpu);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc < 4) return fprintf(stderr, "usage: load PORT PATH VIEWERS [OPTIONS]\n"), 2;
    request.port = atoi(argv[1]);
    request.path = argv[2];
    count = (size_t)atol(argv[3]);
    long lazy = 0, seconds = 300;
    for (int i = 4; i < argc; i++) {
        if (!strcmp(argv[i], "--deflate")) request.deflate = true;
        else if (!strcmp(argv[i], "--raw")) raw = true;
        else if (i + 1 == argc) return fprintf(stderr, "load: %s?\n", argv[i]), 2;
        else if (!strcmp(argv[i], "--protocol")) request.protocol = argv[++i];
        else if (!strcmp(argv[i], "--stall")) stalled = (size_t)atol(argv[++i]);
        else if (!strcmp(argv[i], "--lazy")) lazy = atol(argv[++i]);
        else if (!strcmp(argv[i], "--seconds")) seconds = atol(argv[++i]);
        else return fprintf(stderr, "load: %s?\n", argv[i]), 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    alarm((unsigned)seconds);
    viewers = calloc(count, sizeof *viewers);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event input = {.events = EPOLLIN, .data.u64 = UINT64_MAX};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    int64_t begin = now_ns();
    bool ready = false;
    static struct epoll_event events[1024];
    for (;;) {
        while (started < count && started - opened - lost < AT_ONCE)
            if (!start_one()) return perror("load: connect"), 1;
        int got = epoll_wait(epoll_fd, events, 1024, -1);
        bool asked = false;
        for (int i = 0; i < got; i++) {
            if (events[i].data.u64 == UINT64_MAX) asked = true;
            else on_event(events[i].data.u64, events[i].events);
        }
        if (!ready && opened + lost >= count) {
            ready = true;
            printf("{\"ready\":%zu,\"lost\":%zu,\"seconds\":%.3f}\n", opened, lost, (double)(now_ns() - begin) / 1e9);
            fflush(stdout);
        }
        if (asked) {
            char line[64];
            if (read(STDIN_FILENO, line, sizeof line) <= 0) return 0;
            snapshot();
        } else if (lazy && ready && got < 1024) {
            nanosleep(&(struct timespec){.tv_nsec = lazy * 1000000}, NULL);
        }
    }
}
