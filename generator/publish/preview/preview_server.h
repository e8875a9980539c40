/*
 * Private to publish/preview: the server in three parts.
 *
 *     server.c     HTTP, by libmicrohttpd: the one file that knows it
 *     answer.c     what a request is answered with: addresses, languages, redirects, what is
 * refused edition.c    what is shown: editions and revisions, and making one artefact of them
 *     findings.c   what was found, as HTML: on pages and as a list
 *
 * Every connection has a thread of its own. `lock` is held for moments only, never while an
 * artefact is made.
 */
#ifndef KYODO_PREVIEW_SERVER_H
#define KYODO_PREVIEW_SERVER_H

#include <pthread.h>

#include "publish.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where what the preview adds lies. */
#define PREVIEW_FOLDER "/.kyodo/"

struct edition {
    struct edition_parts parts;
    struct edition *pages; /* NULL, or whose pages are shown because this one has none */
    int references;        /* one of them the preview's while it is the current one */
    bool *is_leased;       /* workers */
    pthread_rwlock_t
        results;    /* over the results in `render`, read while artefacts are made; and: */
    bool *is_tried; /* side by side with the plan: it was made to know its result */
    int64_t tried;  /* how many */
};

struct revision {
    struct revision_parts parts;
    struct arena arena;
    struct render *render; /* a view of the edition's */
    struct revision *next;
    int references;
    bool is_told; /* the current edition has its findings, newer ones, already */
};

struct preview {
    struct preview_options options;
    struct arena arena;
    const char *url;
    bool is_open_to_others;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock; /* over all that follows, and over editions and revisions */
    pthread_cond_t changed;
    struct edition *current; /* NULL: nothing has been read yet */
    struct revision *revisions;
    uint64_t number; /* counts what was shown */
    bool is_held;    /* no view is opened (preview_hold) */
    bool is_stopping;
};

/* ---- edition.c ---- */

/** What an answer is made of; it stays whatever is shown meanwhile. */
struct view {
    struct preview *preview;
    struct edition *edition;   /* whose findings count; NULL: nothing has been read yet */
    struct edition *pages;     /* whose pages are shown; NULL when there are none */
    struct revision *revision; /* of the page that was asked for, or NULL */
};
void view_open(struct view *view, struct preview *preview);
void view_close(struct view *view);
/** Take up the revision of the item that is written in that folder, if there is one. False when
 * another edition has come, where that would have to be looked for. */
bool view_revise(struct view *view, struct slice written_in);
/** Wait for an edition that has a search index (the view becomes one of that). */
void view_wait_for_search(struct view *view);
/** Make an artefact of view->pages. False with findings. */
bool view_make(struct view *view, const struct artefact *artefact, struct buffer *out,
               struct diag *diag);
/** Let everything go; nobody asks any more. */
void preview_forget(struct preview *preview);
/** Wait until something newer than `seen` is shown, for at most `seconds`; its number. 0 when the
 * preview stops. */
uint64_t preview_wait(struct preview *preview, uint64_t seen, int seconds);

/* ---- findings.c ---- */

/** Add to an HTML page what the preview adds, with or without what was found; `written_in` as in
 * struct artefact. The page's own version, for its script, is a hash of all the rest, written to
 * `etag`. */
#define ETAG_ROOM 40
void put_preview_parts(const struct view *view, bool has_banner, struct slice written_in,
                       struct buffer *page, char etag[ETAG_ROOM]);
/** The page that lists all findings. */
void put_findings_page(const struct view *view, struct buffer *out);
/** A page with a title and one sentence. */
void put_plain_page(const struct view *view, const char *ja, const char *en, struct buffer *out);
struct slice preview_script(void);
struct slice preview_style(void);

/* ---- answer.c ---- */

/** A request, as it came. */
struct question {
    const char *method;
    const char *path;  /* undecoded, without the query */
    const char *host;  /* of the header; NULL when it has none */
    const char *known; /* If-None-Match, or NULL */
};
struct answer {
    int status;
    struct slice media_type; /* NUL-terminated, like the next */
    struct slice location;   /* empty unless it is a redirect */
    struct buffer body;
    char etag[ETAG_ROOM]; /* empty: none */
    bool is_events;       /* the stream of events: no body */
};
/** Fill `answer` (zeroed); its body is released by the caller, `location` lives in `arena`. */
void preview_answer(struct preview *preview, const struct question *question, struct answer *answer,
                    struct arena *arena);
/** The media type of a file by its name, with charset. */
struct slice media_type_of(struct slice address);

#ifdef __cplusplus
}
#endif
#endif
