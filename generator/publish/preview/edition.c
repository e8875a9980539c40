/* Editions and revisions: which is shown, for how long it has to live, and one artefact of it. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "preview_server.h"

/* Longest that the search page waits for its index. */
#define SEARCH_SECONDS 30

/* ---- Lives ---- */

static void close_edition(struct edition *edition)
{
    if (edition->parts.close != NULL) {
        edition->parts.close(edition->parts.context);
    }
    pthread_rwlock_destroy(&edition->results);
    free(edition->is_leased);
    free(edition->is_tried);
    free(edition);
}

/* Not under the lock: closing a site takes a while. */
static void release_edition(struct preview *preview, struct edition *edition)
{
    while (edition != NULL) {
        pthread_mutex_lock(&preview->lock);
        bool is_last = --edition->references == 0;
        pthread_mutex_unlock(&preview->lock);
        if (!is_last) {
            return;
        }
        struct edition *pages = edition->pages;
        close_edition(edition);
        edition = pages;
    }
}

static void release_revision(struct preview *preview, struct revision *revision)
{
    if (revision == NULL) {
        return;
    }
    pthread_mutex_lock(&preview->lock);
    bool is_last = --revision->references == 0;
    pthread_mutex_unlock(&preview->lock);
    if (is_last) {
        revision->parts.close(revision->parts.context);
        arena_release(&revision->arena);
        free(revision);
    }
}

static void *room_for(ptrdiff_t count, size_t size)
{
    void *memory = calloc((size_t)count + 1, size);
    if (memory == NULL) {
        memory_exhausted((count + 1) * (ptrdiff_t)size);
    }
    return memory;
}

/* Under the lock: something new is shown. */
static void tell(struct preview *preview)
{
    preview->number++;
    pthread_cond_broadcast(&preview->changed);
}

static struct edition *new_edition(const struct edition_parts *parts)
{
    struct edition *edition = room_for(1, sizeof(*edition));
    edition->parts = *parts;
    edition->references = 1;
    pthread_rwlock_init(&edition->results, NULL);
    if (parts->render != NULL) {
        ptrdiff_t planned = 0;
        render_plan(parts->render, &planned, NULL);
        edition->is_leased = room_for(parts->workers, sizeof(bool));
        edition->is_tried = room_for(planned, sizeof(bool));
    }
    return edition;
}

void preview_show(struct preview *preview, const struct edition_parts *parts)
{
    struct edition *edition = new_edition(parts);
    struct revision *revisions = NULL;
    pthread_mutex_lock(&preview->lock);
    struct edition *last = preview->current;
    if (parts->render == NULL && last != NULL) {
        edition->pages = last->parts.render != NULL ? last : last->pages;
    }
    if (edition->pages != NULL) {
        edition->pages->references++;
        for (struct revision *at = preview->revisions; at != NULL; at = at->next) {
            at->is_told = true;
        }
    } else {
        revisions = preview->revisions;
        preview->revisions = NULL;
    }
    preview->current = edition;
    tell(preview);
    pthread_mutex_unlock(&preview->lock);
    while (revisions != NULL) {
        struct revision *next = revisions->next;
        release_revision(preview, revisions);
        revisions = next;
    }
    release_edition(preview, last);
}

void preview_hold(struct preview *preview)
{
    pthread_mutex_lock(&preview->lock);
    preview->is_held = true;
    pthread_mutex_unlock(&preview->lock);
}

void preview_go_on(struct preview *preview)
{
    pthread_mutex_lock(&preview->lock);
    preview->is_held = false;
    pthread_cond_broadcast(&preview->changed);
    pthread_mutex_unlock(&preview->lock);
}

void preview_forget(struct preview *preview)
{
    while (preview->revisions != NULL) {
        struct revision *next = preview->revisions->next;
        release_revision(preview, preview->revisions);
        preview->revisions = next;
    }
    release_edition(preview, preview->current);
    preview->current = NULL;
}

void preview_revise(struct preview *preview, const struct revision_parts *parts)
{
    struct revision *revision = room_for(1, sizeof(*revision));
    revision->parts = *parts;
    revision->references = 1;
    arena_init(&revision->arena, ARENA_DEFAULT_LIMIT);
    struct revision *replaced = NULL;
    pthread_mutex_lock(&preview->lock);
    struct edition *current = preview->current;
    struct edition *pages = current->parts.render != NULL ? current : current->pages;
    revision->render =
        render_with_item(pages->parts.render, parts->site, parts->was, &revision->arena);
    for (struct revision **at = &preview->revisions; *at != NULL; at = &(*at)->next) {
        if ((*at)->parts.was == parts->was) {
            replaced = *at;
            *at = replaced->next;
            break;
        }
    }
    revision->next = preview->revisions;
    preview->revisions = revision;
    tell(preview);
    pthread_mutex_unlock(&preview->lock);
    release_revision(preview, replaced);
}

/* ---- Views ---- */

void view_open(struct view *view, struct preview *preview)
{
    *view = (struct view){.preview = preview};
    pthread_mutex_lock(&preview->lock);
    while (preview->is_held && !preview->is_stopping) {
        pthread_cond_wait(&preview->changed, &preview->lock);
    }
    view->edition = preview->current;
    if (view->edition != NULL) {
        view->edition->references++;
        view->pages = view->edition->parts.render != NULL ? view->edition : view->edition->pages;
    }
    pthread_mutex_unlock(&preview->lock);
}

void view_close(struct view *view)
{
    release_revision(view->preview, view->revision);
    release_edition(view->preview, view->edition);
}

bool view_revise(struct view *view, struct slice written_in)
{
    struct preview *preview = view->preview;
    pthread_mutex_lock(&preview->lock);
    bool is_current = preview->current == view->edition;
    for (struct revision *at = preview->revisions; at != NULL && is_current; at = at->next) {
        if (slice_equal(at->parts.was->folder, written_in)) {
            view->revision = at;
            at->references++;
            break;
        }
    }
    pthread_mutex_unlock(&preview->lock);
    return is_current;
}

static struct timespec seconds_from_now(int seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    return until;
}

void view_wait_for_search(struct view *view)
{
    struct preview *preview = view->preview;
    struct timespec until = seconds_from_now(SEARCH_SECONDS);
    while (view->pages != NULL && !view->pages->parts.has_search) {
        pthread_mutex_lock(&preview->lock);
        int late = 0;
        while (preview->current == view->edition && !preview->is_stopping && late == 0) {
            late = pthread_cond_timedwait(&preview->changed, &preview->lock, &until);
        }
        bool gives_up = late != 0 || preview->is_stopping;
        pthread_mutex_unlock(&preview->lock);
        if (gives_up) {
            return;
        }
        struct view next;
        view_open(&next, preview);
        view_close(view);
        view->edition = next.edition;
        view->pages = next.pages;
        view->revision = NULL;
    }
}

uint64_t preview_wait(struct preview *preview, uint64_t seen, int seconds)
{
    struct timespec until = seconds_from_now(seconds);
    pthread_mutex_lock(&preview->lock);
    int late = 0;
    while (preview->number == seen && !preview->is_stopping && late == 0) {
        late = pthread_cond_timedwait(&preview->changed, &preview->lock, &until);
    }
    uint64_t number = preview->is_stopping ? 0 : preview->number;
    pthread_mutex_unlock(&preview->lock);
    return number;
}

/* ---- Making ---- */

static int lease_worker(struct preview *preview, struct edition *pages)
{
    pthread_mutex_lock(&preview->lock);
    for (;;) {
        for (int i = 0; i < pages->parts.workers; i++) {
            if (!pages->is_leased[i]) {
                pages->is_leased[i] = true;
                pthread_mutex_unlock(&preview->lock);
                return i;
            }
        }
        pthread_cond_wait(&preview->changed, &preview->lock);
    }
}

static void return_worker(struct preview *preview, struct edition *pages, int worker)
{
    pthread_mutex_lock(&preview->lock);
    pages->is_leased[worker] = false;
    pthread_cond_broadcast(&preview->changed);
    pthread_mutex_unlock(&preview->lock);
}

static bool make(struct edition *pages, struct render *render, const struct artefact *artefact,
                 int worker, struct buffer *out, struct diag *diag)
{
    pthread_rwlock_rdlock(&pages->results);
    bool done = render_artefact(render, artefact, worker, out, diag);
    pthread_rwlock_unlock(&pages->results);
    return done;
}

/* Make what was asked for, and note its result. */
static void make_result(struct edition *pages, ptrdiff_t index, int worker, struct diag *diag)
{
    struct render *render = pages->parts.render;
    ptrdiff_t count = 0;
    const struct artefact *artefact = &render_plan(render, &count, NULL)[index];
    struct buffer bytes = {0};
    bool done = make(pages, render, artefact, worker, &bytes, diag);
    bool is_there = done && (bytes.length > 0 || !artefact->may_be_absent);
    struct artefact_result result = {.size = bytes.length};
    if (is_there) {
        result.digest = sha256_of(buffer_slice(&bytes));
    }
    pthread_rwlock_wrlock(&pages->results);
    pages->is_tried[index] = true;
    pages->tried++;
    if (is_there) {
        render_note_result(render, index, &result);
    }
    pthread_rwlock_unlock(&pages->results);
    buffer_release(&bytes);
}

/* Make all that somebody has looked for in vain and nobody has tried yet. */
static void make_asked_for(struct edition *pages, int worker, struct diag *diag)
{
    ptrdiff_t at = 0;
    for (;;) {
        pthread_rwlock_rdlock(&pages->results);
        at = render_asked_for(pages->parts.render, at);
        while (at >= 0 && pages->is_tried[at]) {
            at = render_asked_for(pages->parts.render, at + 1);
        }
        pthread_rwlock_unlock(&pages->results);
        if (at < 0) {
            return;
        }
        make_result(pages, at++, worker, diag);
    }
}

static int64_t count_tried(struct edition *pages)
{
    pthread_rwlock_rdlock(&pages->results);
    int64_t count = pages->tried;
    pthread_rwlock_unlock(&pages->results);
    return count;
}

bool view_make(struct view *view, const struct artefact *artefact, struct buffer *out,
               struct diag *diag)
{
    struct edition *pages = view->pages;
    struct render *render = view->revision != NULL ? view->revision->render : pages->parts.render;
    int worker = lease_worker(view->preview, pages);
    ptrdiff_t start = out->length;
    bool done;
    int64_t tried;
    do { /* until it was made with everything that it tells of */
        tried = count_tried(pages);
        out->length = start;
        done = make(pages, render, artefact, worker, out, diag);
        if (done && !pages->parts.has_errors) {
            make_asked_for(pages, worker, diag);
        }
    } while (done && count_tried(pages) != tried);
    return_worker(view->preview, pages, worker);
    return done;
}
