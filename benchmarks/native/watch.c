// One careful viewer: decodes everything, checks it, and times each stamped line (see pace.c).
//
//   watch PORT PATH [--protocol P] [--deflate] [--bare-lines] [--record FILE] [--seconds S]
//
// Answers "snap" on stdin with one line of JSON: counts since the start, delays since the last snap.
// With the subprotocol webtee.v1, records are checked: seq and offset go on without a hole.
// --bare-lines: each message is a line without its newline. --record: every data frame, with its
// time, for sendloop to replay: {u64 ns, u32 size, bytes}.
#include "ws.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

enum { RECORD_HEADER = 40, DELAYS = 1 << 20, MESSAGE = 1 << 22 };

static z_stream inflater;
static uint8_t *message, *whole; // inflated, and as received
static size_t message_size, whole_size;
static char line[65536];
static size_t line_size;
static uint64_t lines, raw_bytes, gaps, faults, next_seq, next_offset, last_number, missing;
static bool numbered, records, bare;
static int64_t *delays;
static size_t delay_count;
static FILE *recording;

static void end_line(void) {
    lines++;
    line[line_size] = 0;
    line_size = 0;
    if (line[0] != '@') return; // not stamped: "@NANOSECONDS NUMBER text"
    char *rest;
    int64_t stamp = strtoll(line + 1, &rest, 10);
    uint64_t number = strtoull(rest, NULL, 10);
    if (numbered && number != last_number + 1) missing += number - last_number - 1;
    numbered = true;
    last_number = number;
    if (delay_count < DELAYS) delays[delay_count++] = now_ns() - stamp;
}

static void text(const uint8_t *bytes, size_t size) {
    raw_bytes += size;
    while (size) {
        const uint8_t *end = memchr(bytes, '\n', size);
        size_t part = end ? (size_t)(end - bytes) : size;
        size_t room = sizeof line - 1 - line_size;
        memcpy(line + line_size, bytes, part < room ? part : room);
        line_size += part < room ? part : room;
        if (!end) return;
        end_line();
        bytes += part + 1, size -= part + 1;
    }
}

static uint64_t little(const uint8_t *at, int size) {
    uint64_t value = 0;
    while (size--) value = value << 8 | at[size];
    return value;
}

static void record(void) {
    if (message_size < RECORD_HEADER || little(message + 4, 4) != message_size - RECORD_HEADER) {
        faults++;
        return;
    }
    uint64_t seq = little(message + 8, 8), offset = little(message + 16, 8);
    if (next_seq && seq != next_seq) gaps++;
    next_seq = seq + 1;
    if (message[0] > 1) return; // an event
    if (next_offset && offset != next_offset) gaps++;
    next_offset = offset + message_size - RECORD_HEADER;
    text(message + RECORD_HEADER, message_size - RECORD_HEADER);
}

static void inflate_message(void) {
    static const uint8_t tail[] = {0, 0, 0xff, 0xff}; // RFC 7692, 7.2.2
    inflater.next_out = message;
    inflater.avail_out = MESSAGE;
    for (int part = 0; part < 2; part++) {
        inflater.next_in = part ? (uint8_t *)tail : whole;
        inflater.avail_in = part ? sizeof tail : (uInt)whole_size;
        int result = inflate(&inflater, Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_BUF_ERROR) faults++;
    }
    message_size = MESSAGE - inflater.avail_out;
}

static void write_recording(const struct ws *ws) {
    uint8_t header[10] = {(uint8_t)(0x80 | (ws->compressed ? 0x40 : 0) | ws->message_opcode)};
    uint32_t size = 2;
    if (whole_size < 126) {
        header[1] = (uint8_t)whole_size;
    } else {
        int wide = whole_size < 65536 ? 2 : 8;
        header[1] = wide == 2 ? 126 : 127;
        for (int i = 0; i < wide; i++) header[2 + i] = (uint8_t)(whole_size >> 8 * (wide - 1 - i));
        size += (uint32_t)wide;
    }
    int64_t time = now_ns();
    uint32_t frame = size + (uint32_t)whole_size;
    fwrite(&time, sizeof time, 1, recording);
    fwrite(&frame, sizeof frame, 1, recording);
    fwrite(header, 1, size, recording);
    fwrite(whole, 1, whole_size, recording);
}

static void on_data(struct ws *ws, const uint8_t *bytes, size_t size, bool start, bool end) {
    if (start) whole_size = 0;
    if (whole_size + size > MESSAGE) faults++, size = 0;
    memcpy(whole + whole_size, bytes, size);
    whole_size += size;
    if (!end) return;
    if (recording) write_recording(ws);
    if (ws->compressed) {
        inflate_message();
    } else {
        memcpy(message, whole, whole_size);
        message_size = whole_size;
    }
    if (!records) {
        text(message, message_size);
        if (bare) raw_bytes++, end_line();
    } else if (ws->message_opcode == OP_BINARY) {
        record();
    } else {
        message[message_size < MESSAGE ? message_size : MESSAGE - 1] = 0;
        if (strstr((char *)message, "\"gap\"")) gaps++;
    }
}

static void snapshot(const struct ws *ws) {
    if (recording) fflush(recording);
    printf("{\"lines\":%lu,\"raw\":%lu,\"wire\":%lu,\"messages\":%lu,\"gaps\":%lu,\"faults\":%lu,"
           "\"missing\":%lu,\"deflate\":%s,\"now_ns\":%ld,\"delays_ns\":[",
           lines, raw_bytes, ws->wire, ws->messages - (records ? ws->texts : 0), gaps, faults, missing,
           ws->deflate ? "true" : "false", (long)now_ns());
    for (size_t i = 0; i < delay_count; i++) printf(i ? ",%ld" : "%ld", (long)delays[i]);
    puts("]}");
    fflush(stdout);
    delay_count = 0;
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "usage: watch PORT PATH [OPTIONS]\n"), 2;
    struct ws_request request = {.port = atoi(argv[1]), .path = argv[2]};
    unsigned seconds = 300;
    for (int i = 3; i < argc; i++) {
        if (!strcmp(argv[i], "--deflate")) request.deflate = true;
        else if (!strcmp(argv[i], "--bare-lines")) bare = true;
        else if (i + 1 == argc) return fprintf(stderr, "watch: %s?\n", argv[i]), 2;
        else if (!strcmp(argv[i], "--protocol")) request.protocol = argv[++i];
        else if (!strcmp(argv[i], "--record")) recording = fopen(argv[++i], "w");
        else if (!strcmp(argv[i], "--seconds")) seconds = (unsigned)atol(argv[++i]);
        else return fprintf(stderr, "watch: %s?\n", argv[i]), 2;
    }
    alarm(seconds);
    records = request.protocol && !strcmp(request.protocol, "webtee.v1");
    message = malloc(MESSAGE), whole = malloc(MESSAGE), delays = malloc(DELAYS * sizeof *delays);
    if (inflateInit2(&inflater, -15) != Z_OK) return 1;
    struct ws ws = {.fd = ws_connect(request.port, 0, 0)};
    struct pollfd fds[2] = {{ws.fd, POLLOUT, 0}, {STDIN_FILENO, POLLIN, 0}};
    if (ws.fd < 0 || poll(fds, 1, 10000) < 1 || !ws_upgrade(&ws, &request)) return perror("watch"), 1;
    fds[0].events = POLLIN;
    static uint8_t buffer[1 << 18];
    for (bool ready = false;;) {
        poll(fds, 2, -1);
        if (fds[0].revents) {
            ssize_t size = recv(ws.fd, buffer, sizeof buffer, 0);
            if (size > 0) ws_feed(&ws, buffer, (size_t)size, on_data);
            bool over = ws.closed || size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
            if (over) fds[0].fd = -1; // go on answering
            if (!ready) {
                ready = ws.open || over;
                if (ready) printf("{\"ready\":%d,\"lost\":%d}\n", ws.open, !ws.open), fflush(stdout);
            }
        }
        if (fds[1].revents) {
            char command[64];
            if (read(STDIN_FILENO, command, sizeof command) <= 0) return 0;
            snapshot(&ws);
        }
    }
}
