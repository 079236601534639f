// The client's half of RFC 6455, as little of it as measuring needs: an upgrade request,
// a frame parser that works on any split of the bytes, and pongs. No allocation per frame.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OP_CONTINUATION = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct ws;

// Called with each piece of a data frame's payload. `start` and `end` mark the message's first
// and last piece; a piece may be empty.
typedef void ws_data(struct ws *ws, const uint8_t *bytes, size_t size, bool start, bool end);

struct ws {
    int fd;
    bool open;         // the upgrade is complete
    bool closed;       // by the other side, or by an error
    bool stalled;      // never reads
    bool deflate;      // permessage-deflate was agreed
    char head[2048];   // the upgrade's response, while it is incomplete
    size_t head_size;
    uint8_t header[10]; // a frame's header, while it is incomplete
    size_t header_size;
    uint64_t left;     // of the current frame's payload
    uint8_t opcode;    // of the current frame
    bool in_frame, final, compressed; // compressed: RSV1 of the message
    uint8_t message_opcode;
    uint8_t control[125];
    size_t control_size;
    uint64_t wire;     // bytes received after the upgrade
    uint64_t messages; // complete data messages
    uint64_t texts;    // those of them that are text
    void *user;
};

struct ws_request {
    int port;
    const char *path;
    const char *protocol; // NULL: none
    bool deflate;         // offer it
};

// Start connecting (non-blocking). `index` spreads large numbers over several loopback addresses.
// Returns a socket, or -1.
int ws_connect(int port, size_t index, int receive_buffer);

// Send the upgrade request. False when the socket did not take it whole.
bool ws_upgrade(struct ws *ws, const struct ws_request *request);

// Take what was received, from the upgrade's response on.
void ws_feed(struct ws *ws, const uint8_t *bytes, size_t size, ws_data *on_data);

// Nanoseconds of CLOCK_MONOTONIC, the same clock in every process of the machine.
int64_t now_ns(void);
