#include "source.h"

#include <pthread.h>
#include <stdlib.h>

/* Bytes of a very long line that are looked at on each side of a place. */
#define LONG_LINE_SIDE ((ptrdiff_t)2048)
/* A line longer than this is not shown when it has to be masked first. */
#define LONGEST_MASKED_LINE ((ptrdiff_t)1 << 20)

struct source {
    char *path_memory;
    struct slice path;
    source_reader reader;
    void *reader_context;
    source_mask mask;
    void *mask_context;
    const struct origin *origins; /* of a made text; set before anything looks at it */
    ptrdiff_t origin_count;
    pthread_mutex_t lock; /* over all that follows */
    struct slice text;
    bool is_resident;
    bool owns_text;
    int32_t *lines; /* offset of the first byte of each line; made when first asked for */
    ptrdiff_t line_count;
    ptrdiff_t line_capacity;
    /* The last place worked out: findings mostly come in order, and a line may be very long. */
    ptrdiff_t known_line;
    ptrdiff_t known_offset;
    int64_t known_column;
};

struct source *source_new(struct slice path, struct slice text, source_reader reader, void *context)
{
    CHECK(text.length <= INT32_MAX);
    struct source *source = calloc(1, sizeof(*source));
    char *path_copy = malloc((size_t)path.length + 1);
    if (source == NULL || path_copy == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*source) + path.length);
    }
    if (path.length > 0) {
        memcpy(path_copy, path.data, (size_t)path.length);
    }
    path_copy[path.length] = '\0';
    source->path_memory = path_copy;
    source->path = slice_make(path_copy, path.length);
    source->reader = reader;
    source->reader_context = context;
    source->text = text;
    source->is_resident = text.data != NULL;
    source->known_line = -1;
    pthread_mutex_init(&source->lock, NULL);
    return source;
}

static void drop_text(struct source *source)
{
    if (source->owns_text) {
        free((void *)source->text.data);
    }
    source->text = (struct slice){NULL, 0};
    source->is_resident = false;
    source->owns_text = false;
}

void source_free(struct source *source)
{
    if (source == NULL) {
        return;
    }
    drop_text(source);
    free(source->lines);
    free(source->path_memory);
    pthread_mutex_destroy(&source->lock);
    free(source);
}

struct slice source_path(const struct source *source)
{
    return source->path;
}

/* The text; under the lock. */
static struct slice load_text(struct source *source)
{
    if (!source->is_resident && source->reader != NULL) {
        char *text = NULL;
        ptrdiff_t length = 0;
        if (source->reader(source->reader_context, source->path, &text, &length)) {
            CHECK(length <= INT32_MAX);
            source->text = slice_make(text, length);
            source->owns_text = true;
            source->is_resident = true;
        }
    }
    return source->text;
}

struct slice source_text(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    struct slice text = load_text(source);
    pthread_mutex_unlock(&source->lock);
    return text;
}

void source_drop(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    drop_text(source);
    pthread_mutex_unlock(&source->lock);
}

void source_adopt(struct source *source, char *text, ptrdiff_t length)
{
    CHECK(length <= INT32_MAX);
    pthread_mutex_lock(&source->lock);
    drop_text(source);
    source->text = slice_make(text, length);
    source->owns_text = true;
    source->is_resident = true;
    pthread_mutex_unlock(&source->lock);
}

void source_set_mask(struct source *source, source_mask mask, void *context)
{
    pthread_mutex_lock(&source->lock);
    source->mask = mask;
    source->mask_context = context;
    pthread_mutex_unlock(&source->lock);
}

bool source_is_masked(struct source *source)
{
    if (source == NULL) {
        return false;
    }
    pthread_mutex_lock(&source->lock);
    bool is_masked = source->mask != NULL;
    pthread_mutex_unlock(&source->lock);
    return is_masked;
}

static void add_line(struct source *source, ptrdiff_t start)
{
    if (source->lines == NULL || source->line_count == source->line_capacity) {
        ptrdiff_t capacity = source->line_capacity == 0 ? 64 : source->line_capacity * 2;
        int32_t *lines = realloc(source->lines, (size_t)capacity * sizeof(*lines));
        if (lines == NULL) {
            memory_exhausted(capacity * (ptrdiff_t)sizeof(*lines));
        }
        source->lines = lines;
        source->line_capacity = capacity;
    }
    source->lines[source->line_count++] = (int32_t)start;
}

/* The smaller of two indexes of which -1 means none. */
static ptrdiff_t nearer(ptrdiff_t a, ptrdiff_t b)
{
    if (a < 0 || b < 0) {
        return a < 0 ? b : a;
    }
    return a < b ? a : b;
}

/* Find where lines begin: behind each LF, CRLF and lone CR. Under the lock, with the text at
 * hand. */
static void index_lines(struct source *source)
{
    if (source->lines != NULL) {
        return;
    }
    struct slice text = source->text;
    add_line(source, 0);
    ptrdiff_t feed = slice_find_byte(text, '\n', 0);
    ptrdiff_t carriage = slice_find_byte(text, '\r', 0);
    for (;;) {
        ptrdiff_t end = nearer(feed, carriage);
        if (end < 0) {
            break;
        }
        ptrdiff_t next = end + 1;
        if (end == carriage) {
            if (next < text.length && text.data[next] == '\n') {
                next++;
            }
            carriage = slice_find_byte(text, '\r', next);
        }
        if (feed >= 0 && feed < next) {
            feed = slice_find_byte(text, '\n', next);
        }
        add_line(source, next);
    }
}

/* Number (from 0) of the line that holds `offset`; under the lock, with the lines known. */
static ptrdiff_t find_line(const struct source *source, ptrdiff_t offset)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = source->line_count;
    while (high - low > 1) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static ptrdiff_t clamp(ptrdiff_t value, ptrdiff_t most)
{
    if (value < 0) {
        return 0;
    }
    return value > most ? most : value;
}

/* Text and lines, under the lock; false when there is no text. */
static bool prepare(struct source *source)
{
    load_text(source);
    if (!source->is_resident) {
        return false;
    }
    index_lines(source);
    return true;
}

struct position source_position(struct source *source, ptrdiff_t offset)
{
    struct position position = {1, 1};
    pthread_mutex_lock(&source->lock);
    if (prepare(source)) {
        offset = clamp(offset, source->text.length);
        ptrdiff_t line = find_line(source, offset);
        if (line != source->known_line || offset < source->known_offset) {
            source->known_line = line;
            source->known_offset = source->lines[line];
            source->known_column = 1;
        }
        source->known_column += utf8_count(slice_sub(source->text, source->known_offset, offset));
        source->known_offset = offset;
        position = (struct position){line + 1, source->known_column};
    } else if (source->lines != NULL) {
        position.line = find_line(source, offset) + 1;
    }
    pthread_mutex_unlock(&source->lock);
    return position;
}

/* The line that holds `offset`, without its end; under the lock, prepared. */
static struct slice line_at(const struct source *source, ptrdiff_t offset, ptrdiff_t *start)
{
    ptrdiff_t line = find_line(source, clamp(offset, source->text.length));
    ptrdiff_t end = line + 1 < source->line_count ? source->lines[line + 1] : source->text.length;
    *start = source->lines[line];
    if (line + 1 < source->line_count) {
        bool is_feed = source->text.data[end - 1] == '\n';
        end--;
        if (is_feed && end > *start && source->text.data[end - 1] == '\r') {
            end--;
        }
    }
    return slice_sub(source->text, *start, end);
}

struct slice source_line(struct source *source, ptrdiff_t offset, ptrdiff_t *start)
{
    struct slice line = {NULL, 0};
    *start = 0;
    pthread_mutex_lock(&source->lock);
    if (prepare(source)) {
        line = line_at(source, offset, start);
    }
    pthread_mutex_unlock(&source->lock);
    return line;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The part of `line` around byte `at` that is worth showing, cut between characters. */
static struct slice part_around(struct slice line, ptrdiff_t at, struct shown_line *shown)
{
    ptrdiff_t start = clamp(at - LONG_LINE_SIDE, line.length);
    ptrdiff_t end = clamp(at + LONG_LINE_SIDE, line.length);
    while (start > 0 && is_continuation(line.data[start])) {
        start--;
    }
    while (end < line.length && is_continuation(line.data[end])) {
        end++;
    }
    *shown = (struct shown_line){at - start, start > 0, end < line.length};
    return slice_sub(line, start, end);
}

/* The line behind its mask. A mask that changes the number of characters has failed, and then
 * nothing is shown. */
static bool show_masked(source_mask mask, void *context, struct slice line, ptrdiff_t start,
                        ptrdiff_t at, struct buffer *out, struct shown_line *shown)
{
    struct buffer masked = {0};
    mask(context, line, start, &masked);
    struct slice result = buffer_slice(&masked);
    bool is_right = utf8_count(result) == utf8_count(line);
    if (is_right) {
        at = utf8_offset(result, utf8_count(slice_sub(line, 0, at)));
        buffer_append(out, part_around(result, at, shown));
    }
    buffer_release(&masked);
    return is_right;
}

bool source_shown_line(struct source *source, ptrdiff_t offset, struct buffer *out,
                       struct shown_line *shown)
{
    struct buffer whole = {0};
    bool done = false;
    pthread_mutex_lock(&source->lock);
    source_mask mask = source->mask;
    void *context = source->mask_context;
    ptrdiff_t start = 0;
    ptrdiff_t at = 0;
    bool is_known = prepare(source);
    if (is_known) {
        struct slice line = line_at(source, offset, &start);
        at = clamp(offset - start, line.length);
        if (mask == NULL) {
            buffer_append(out, part_around(line, at, shown));
            done = true;
        } else if (line.length <= LONGEST_MASKED_LINE) {
            buffer_append(&whole, line);
        } else {
            is_known = false;
        }
    }
    pthread_mutex_unlock(&source->lock);
    if (is_known && !done) {
        /* Outside the lock, so that a mask may look at the source itself. */
        done = show_masked(mask, context, buffer_slice(&whole), start, at, out, shown);
    }
    buffer_release(&whole);
    return done;
}

/* ---- Made texts ---- */

void source_set_origins(struct source *source, const struct origin *origins, ptrdiff_t count)
{
    CHECK(count == 0 || origins[0].start == 0);
    source->origins = origins;
    source->origin_count = count;
}

static const struct origin *origin_at(const struct source *source, ptrdiff_t offset)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = source->origin_count;
    while (high - low > 1) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (source->origins[middle].start <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &source->origins[low];
}

struct span span_origin(struct span span, bool *is_verbatim)
{
    *is_verbatim = true;
    if (span.source == NULL || span.source->origin_count == 0) {
        return span;
    }
    const struct origin *first = origin_at(span.source, span.start);
    *is_verbatim = first->is_verbatim;
    struct span at = first->at;
    if (first->is_verbatim) {
        return span_make(at.source, at.start + (span.start - first->start),
                         at.start + (span.end - first->start));
    }
    const struct origin *last =
        span.end > span.start ? origin_at(span.source, span.end - 1) : first;
    bool is_behind = last->at.source == at.source && last->at.end > at.end;
    return span_make(at.source, at.start, is_behind ? last->at.end : at.end);
}

struct span span_make(struct source *source, ptrdiff_t start, ptrdiff_t end)
{
    CHECK(start >= 0 && start <= end && end <= INT32_MAX);
    return (struct span){source, (int32_t)start, (int32_t)end};
}

struct span span_of_file(struct source *source)
{
    return (struct span){source, 0, 0};
}

struct span span_of_slice(struct source *source, struct slice s)
{
    struct slice text = source_text(source);
    if (s.data == NULL) {
        return span_of_file(source);
    }
    uintptr_t first = (uintptr_t)text.data;
    uintptr_t at = (uintptr_t)s.data;
    CHECK(at >= first && at + (uintptr_t)s.length <= first + (uintptr_t)text.length);
    return span_make(source, s.data - text.data, s.data - text.data + s.length);
}

struct slice span_text(struct span span)
{
    if (span.source == NULL) {
        return (struct slice){NULL, 0};
    }
    return slice_sub(source_text(span.source), span.start, span.end);
}
