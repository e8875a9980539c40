/* HTTP by libmicrohttpd, a thread for each connection. Only this file knows the library. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "preview_server.h"

#define CONNECTIONS_MOST 256u
#define IDLE_SECONDS 60u
/* A client that went away is noticed when this is written to it. */
#define HEARTBEAT_SECONDS 10

/* As the shipped nginx configuration has them: what a page may not do there it can't do here. */
#define POLICY                                                                              \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src " \
    "'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#define POLICY_PICTURE "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/* ---- The stream of events ---- */

struct stream {
    struct preview *preview;
    uint64_t seen;
};

/* It waits in here: the thread is this connection's own. */
static ssize_t read_stream(void *context, uint64_t position, char *out, size_t most)
{
    (void)position;
    struct stream *stream = context;
    uint64_t number = preview_wait(stream->preview, stream->seen, HEARTBEAT_SECONDS);
    if (number == 0) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    int length = number == stream->seen ? snprintf(out, most, ":\n\n")
                                        : snprintf(out, most, "retry: 500\ndata: %llu\n\n",
                                                   (unsigned long long)number);
    stream->seen = number;
    return length;
}

static struct MHD_Response *event_response(struct preview *preview)
{
    struct stream *stream = malloc(sizeof(*stream));
    if (stream == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*stream));
    }
    *stream = (struct stream){.preview = preview, .seen = UINT64_MAX};
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 256, read_stream, stream, free);
}

/* ---- Answers ---- */

static void add_headers(struct MHD_Response *response, const struct answer *answer)
{
    struct slice picture = SLICE("image/svg+xml");
    MHD_add_response_header(response, "Content-Type", answer->media_type.data);
    MHD_add_response_header(response, "Cache-Control", answer->is_events ? "no-store" : "no-cache");
    MHD_add_response_header(response, "Content-Security-Policy",
                            slice_starts_with(answer->media_type, picture) ? POLICY_PICTURE
                                                                           : POLICY);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    if (answer->etag[0] != '\0') {
        MHD_add_response_header(response, "ETag", answer->etag);
    }
    if (answer->location.length > 0) {
        MHD_add_response_header(response, "Location", answer->location.data);
    }
    if (answer->status == 405) {
        MHD_add_response_header(response, "Allow", "GET, HEAD");
    }
}

static enum MHD_Result respond(void *context, struct MHD_Connection *connection, const char *path,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **kept)
{
    (void)version;
    (void)upload;
    struct preview *preview = context;
    if (*kept == NULL) {
        /* The head alone is there; an answer given now would end the connection. */
        *kept = preview;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0; /* nobody wants it */
        return MHD_YES;
    }
    const struct question question = {
        .method = method,
        .path = path,
        .host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host"),
        .known = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match"),
    };
    struct answer answer = {0};
    struct arena arena;
    arena_init(&arena, 1 << 24);
    preview_answer(preview, &question, &answer, &arena);
    struct MHD_Response *response = NULL;
    if (answer.is_events) {
        response = event_response(preview);
    } else {
        /* The response frees the bytes. */
        response = MHD_create_response_from_buffer((size_t)answer.body.length, answer.body.data,
                                                   MHD_RESPMEM_MUST_FREE);
    }
    enum MHD_Result queued = MHD_NO;
    if (response != NULL) {
        add_headers(response, &answer);
        queued = MHD_queue_response(connection, (unsigned int)answer.status, response);
        MHD_destroy_response(response);
    }
    arena_release(&arena);
    return queued;
}

/* Escapes are undone by preview_answer, which refuses what is no path. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

/* ---- Listening ---- */

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

/* Listen at one address; -1 with errno. */
static int listen_at(const struct addrinfo *address)
{
    int listener = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    if (listener < 0) {
        return -1;
    }
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(listener, address->ai_addr, address->ai_addrlen) != 0 ||
        listen(listener, SOMAXCONN) != 0) {
        int error = errno;
        close(listener);
        errno = error;
        return -1;
    }
    return listener;
}

/* The address as people type it, with the port that was found free. */
static void name_address(struct preview *preview, int listener)
{
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof(bound);
    char host[INET6_ADDRSTRLEN] = "";
    char port[16] = "";
    getsockname(listener, (struct sockaddr *)&bound, &length);
    getnameinfo((struct sockaddr *)&bound, length, host, sizeof(host), port, sizeof(port),
                NI_NUMERICHOST | NI_NUMERICSERV);
    bool is_six = bound.ss_family == AF_INET6;
    preview->url = arena_string(
        &preview->arena,
        arena_format(&preview->arena, is_six ? "http://[%s]:%s/" : "http://%s:%s/", host, port));
    preview->is_open_to_others = !is_loopback((const struct sockaddr *)&bound);
}

static int open_listener(struct preview *preview)
{
    char port[16];
    snprintf(port, sizeof(port), "%d", preview->options.port);
    const struct addrinfo wanted = {.ai_flags = AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(preview->options.host, port, &wanted, &found) != 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int listener = listen_at(found);
    int error = errno;
    freeaddrinfo(found);
    errno = error;
    if (listener >= 0) {
        name_address(preview, listener);
    }
    return listener;
}

static struct MHD_Daemon *start_daemon(struct preview *preview, int listener)
{
    return MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL,
        NULL, respond, preview, MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_UNESCAPE_CALLBACK,
        leave_escaped, NULL, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MOST,
        MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
}

struct preview *preview_start(const struct preview_options *options)
{
    struct preview *preview = calloc(1, sizeof(*preview));
    if (preview == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*preview));
    }
    preview->options = *options;
    preview->number = 1;
    arena_init(&preview->arena, 1 << 20);
    pthread_mutex_init(&preview->lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&preview->changed, &clock);
    pthread_condattr_destroy(&clock);
    int listener = open_listener(preview);
    int error = errno;
    if (listener >= 0) {
        preview->daemon = start_daemon(preview, listener);
        error = errno;
        if (preview->daemon == NULL) {
            close(listener);
        }
    }
    if (preview->daemon == NULL) {
        preview_stop(preview);
        errno = error;
        return NULL;
    }
    return preview;
}

const char *preview_url(const struct preview *preview)
{
    return preview->url;
}

bool preview_is_open_to_others(const struct preview *preview)
{
    return preview->is_open_to_others;
}

void preview_stop(struct preview *preview)
{
    pthread_mutex_lock(&preview->lock);
    preview->is_stopping = true;
    pthread_cond_broadcast(&preview->changed);
    pthread_mutex_unlock(&preview->lock);
    if (preview->daemon != NULL) {
        MHD_stop_daemon(preview->daemon);
    }
    preview_forget(preview);
    pthread_cond_destroy(&preview->changed);
    pthread_mutex_destroy(&preview->lock);
    arena_release(&preview->arena);
    free(preview);
}
