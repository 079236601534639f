// A source that writes a log's lines at an even rate, each write at its own scheduled moment.
//
//   pace LOG RATE [--block B] [--append FILE] [--seconds S] [--stamp] [--stats FILE]
//
// B lines per write(2), to stdout or to the end of FILE. --stamp: each line begins with "@NS NUMBER ",
// CLOCK_MONOTONIC just before write() is called. --stats: at its end, how late writes were done, in
// microseconds after their moment (a reader that is slow, or a full pipe, shows here); SIGUSR1 starts
// that count anew.
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 22 };

static volatile sig_atomic_t ended, anew;
static uint32_t late[MOST];
static size_t late_count;

static void on_end(int signal) { (void)signal, ended = 1; }
static void on_anew(int signal) { (void)signal, anew = 1; }

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void write_stats(const char *path, uint64_t lines, uint64_t bytes) {
    FILE *file = fopen(path, "w");
    if (!file) return;
    qsort(late, late_count, sizeof *late, compare);
    size_t n = late_count;
    fprintf(file, "{\"lines\":%lu,\"bytes\":%lu,\"writes\":%zu,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u}\n",
            lines, bytes, n, n ? late[n / 2] : 0, n ? late[n * 99 / 100] : 0, n ? late[n - 1] : 0);
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "usage: pace LOG RATE [OPTIONS]\n"), 2;
    int log = open(argv[1], O_RDONLY), out = STDOUT_FILENO;
    double rate = atof(argv[2]);
    long block = 1, seconds = 300;
    bool stamp = false;
    const char *stats = NULL;
    for (int i = 3; i < argc; i++) {
        if (!strcmp(argv[i], "--stamp")) stamp = true;
        else if (i + 1 == argc) return fprintf(stderr, "pace: %s?\n", argv[i]), 2;
        else if (!strcmp(argv[i], "--block")) block = atol(argv[++i]);
        else if (!strcmp(argv[i], "--append")) out = open(argv[++i], O_WRONLY | O_CREAT | O_APPEND, 0644);
        else if (!strcmp(argv[i], "--seconds")) seconds = atol(argv[++i]);
        else if (!strcmp(argv[i], "--stats")) stats = argv[++i];
        else return fprintf(stderr, "pace: %s?\n", argv[i]), 2;
    }
    struct stat info;
    if (log < 0 || out < 0 || fstat(log, &info) < 0) return perror("pace"), 1;
    const char *text = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, log, 0);
    const char *at = text, *stop = text + info.st_size;
    struct sigaction end = {.sa_handler = on_end}, again = {.sa_handler = on_anew, .sa_flags = SA_RESTART};
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGHUP, &end, NULL);
    sigaction(SIGUSR1, &again, NULL);
    signal(SIGPIPE, SIG_IGN);
    static char buffer[1 << 20];
    int64_t start = now_ns(), period = (int64_t)(1e9 * (double)block / rate);
    uint64_t lines = 0, bytes = 0;
    for (int64_t turn = 0; !ended && turn * period < seconds * 1000000000LL; turn++) {
        int64_t moment = start + turn * period;
        struct timespec when = {.tv_sec = moment / 1000000000, .tv_nsec = moment % 1000000000};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) && !ended) continue;
        size_t size = 0;
        int64_t time = now_ns();
        for (long i = 0; i < block; i++) {
            const char *newline = memchr(at, '\n', (size_t)(stop - at));
            size_t length = newline ? (size_t)(newline - at) + 1 : (size_t)(stop - at);
            if (size + length + 64 > sizeof buffer) break;
            if (stamp) size += (size_t)sprintf(buffer + size, "@%ld %lu ", (long)time, lines);
            memcpy(buffer + size, at, length);
            size += length, lines++;
            at = newline && newline + 1 < stop ? newline + 1 : text;
        }
        for (size_t done = 0; done < size && !ended;) {
            ssize_t count = write(out, buffer + done, size - done);
            if (count < 0) ended = 1;
            else done += (size_t)count;
        }
        bytes += size;
        if (anew) anew = 0, late_count = 0;
        if (late_count < MOST) late[late_count++] = (uint32_t)((now_ns() - moment) / 1000);
    }
    if (stats) write_stats(stats, lines, bytes);
    return 0;
}
