// The floor: a program that only accepts, then calls send() of the same bytes to each socket.
//
//   sendloop VIEWERS FRAMES
//
// FRAMES is what a viewer of another program received (watch --record), each with its time; they are
// sent again at those times to each of VIEWERS connections, whole, with one send() each. Prints the
// port, says {"ready"} when all have connected, begins at a line on stdin, prints what it did, and
// stays until its input ends.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "usage: sendloop VIEWERS FRAMES\n"), 2;
    int count = atoi(argv[1]);
    int *viewers = calloc((size_t)count, sizeof *viewers);
    alarm(300);
    FILE *file = fopen(argv[2], "r");
    if (!file) return perror(argv[2]), 1;
    static char frames[64 << 20];
    size_t size = fread(frames, 1, sizeof frames, file);
    fclose(file);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0) return perror("sendloop"), 1;
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("{\"port\":%d}\n", ntohs(address.sin_port));
    fflush(stdout);
    for (int i = 0; i < count; i++) {
        viewers[i] = accept(listener, NULL, NULL);
        if (viewers[i] < 0) return perror("accept"), 1;
        setsockopt(viewers[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    puts("{\"ready\":1}");
    fflush(stdout);
    char line[64];
    if (!fgets(line, sizeof line, stdin)) return 0;

    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    int64_t begin = now_ns(), first = 0;
    uint64_t messages = 0, sent = 0, refused = 0;
    for (size_t at = 0; at + 12 <= size;) {
        int64_t time;
        uint32_t frame;
        memcpy(&time, frames + at, 8);
        memcpy(&frame, frames + at + 8, 4);
        at += 12;
        if (at + frame > size) break;
        if (!first) first = time;
        int64_t moment = begin + time - first;
        struct timespec when = {.tv_sec = moment / 1000000000, .tv_nsec = moment % 1000000000};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL)) continue;
        for (int i = 0; i < count; i++) {
            ssize_t done = send(viewers[i], frames + at, frame, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (done == (ssize_t)frame) sent++;
            else refused++;
        }
        at += frame;
        messages++;
    }
    getrusage(RUSAGE_SELF, &after);
    double cpu = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec)
               + (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
    printf("{\"messages\":%lu,\"sent\":%lu,\"refused\":%lu,\"cpu\":%.6f,\"seconds\":%.3f}\n",
           messages, sent, refused, cpu, (double)(now_ns() - begin) / 1e9);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) continue;
    return 0;
}
