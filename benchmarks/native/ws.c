#include "ws.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int ws_connect(int port, size_t index, int receive_buffer) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (index >= 4000) { // from 127.0.1.x, so that an address's ports do not run out
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        struct sockaddr_in from = {.sin_family = AF_INET};
        from.sin_addr.s_addr = htonl(0x7f000100u + (uint32_t)(index / 4000));
        if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0) goto fail;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) goto fail;
    return fd;
fail:
    close(fd);
    return -1;
}

bool ws_upgrade(struct ws *ws, const struct ws_request *request) {
    char text[1024];
    int size = snprintf(text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s%s\r\n",
        request->path, request->port,
        request->protocol ? "Sec-WebSocket-Protocol: " : "", request->protocol ? request->protocol : "",
        request->protocol ? "\r\n" : "",
        request->deflate ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "");
    return send(ws->fd, text, (size_t)size, MSG_NOSIGNAL) == size;
}

static void answer(struct ws *ws) { // a ping with a pong; masked with zeros, which changes nothing
    uint8_t frame[6 + 125] = {0x80 | OP_PONG, (uint8_t)(0x80 | ws->control_size)};
    memcpy(frame + 6, ws->control, ws->control_size);
    (void)!send(ws->fd, frame, 6 + ws->control_size, MSG_NOSIGNAL);
}

static void begin_frame(struct ws *ws) {
    const uint8_t *h = ws->header;
    ws->final = h[0] & 0x80;
    ws->opcode = h[0] & 15;
    ws->left = h[1] & 127;
    size_t extra = ws->left == 126 ? 2 : ws->left == 127 ? 8 : 0;
    if (extra) ws->left = 0;
    for (size_t i = 0; i < extra; i++) ws->left = ws->left << 8 | h[2 + i];
    ws->in_frame = true;
    ws->control_size = 0;
    if (ws->opcode == OP_TEXT || ws->opcode == OP_BINARY) {
        ws->message_opcode = ws->opcode;
        ws->compressed = h[0] & 0x40;
    }
}

static void take(struct ws *ws, const uint8_t *bytes, size_t size, ws_data *on_data) {
    bool start = ws->header_size && ws->opcode != OP_CONTINUATION;
    ws->header_size = 0; // from here on it is the payload that is incomplete
    ws->left -= size;
    if (ws->left == 0) ws->in_frame = false;
    if (ws->opcode >= OP_CLOSE) {
        if (ws->control_size + size <= sizeof ws->control) {
            memcpy(ws->control + ws->control_size, bytes, size);
            ws->control_size += size;
        }
        if (ws->left) return;
        if (ws->opcode == OP_PING) answer(ws);
        if (ws->opcode == OP_CLOSE) ws->closed = true;
        return;
    }
    bool end = ws->left == 0 && ws->final;
    if (end) ws->messages++, ws->texts += ws->message_opcode == OP_TEXT;
    if (on_data) on_data(ws, bytes, size, start, end);
}

static size_t feed_head(struct ws *ws, const uint8_t *bytes, size_t size) {
    size_t old = ws->head_size, room = sizeof ws->head - 1 - old;
    size_t count = size < room ? size : room;
    memcpy(ws->head + old, bytes, count);
    ws->head[ws->head_size = old + count] = 0;
    char *end = strstr(ws->head, "\r\n\r\n");
    if (!end) {
        ws->closed |= count == 0; // longer than any server's answer
        return count;
    }
    end[2] = 0;
    if (strncmp(ws->head, "HTTP/1.1 101", 12)) ws->closed = true;
    ws->deflate = strstr(ws->head, "permessage-deflate") != NULL;
    ws->open = true;
    return (size_t)(end + 4 - ws->head) - old;
}

void ws_feed(struct ws *ws, const uint8_t *bytes, size_t size, ws_data *on_data) {
    if (!ws->open) {
        size_t used = feed_head(ws, bytes, size);
        if (!ws->open || ws->closed) return;
        bytes += used, size -= used;
    }
    ws->wire += size;
    while (size && !ws->closed) {
        if (!ws->in_frame) {
            ws->header[ws->header_size++] = *bytes++, size--;
            size_t need = 2;
            if (ws->header_size >= 2) {
                uint8_t code = ws->header[1] & 127;
                need = code == 126 ? 4 : code == 127 ? 10 : 2;
            }
            if (ws->header_size < need) continue;
            begin_frame(ws);
            if (ws->left == 0) take(ws, bytes, 0, on_data);
            continue;
        }
        size_t count = size < ws->left ? size : (size_t)ws->left;
        take(ws, bytes, count, on_data);
        bytes += count, size -= count;
    }
}
