/*
 * A source is one file that a person wrote, as decoded text. Every value of the model knows the
 * source and the byte range it came from (struct span), so that a finding can show the place at
 * any time.
 *
 * Text may be let go after parsing (source_drop) and is then read again on demand, for findings
 * only; so a site of any size keeps no text it does not need. Offsets are bytes in the decoded
 * UTF-8 text (the mark at its start, if any, is not part of it); lines and columns are counted
 * from 1, columns in Unicode code points (design: positions). CR, LF and CRLF each end one line.
 *
 * Thread-safety: sources may be used from any thread; text and line index are loaded under a
 * lock.
 */
#ifndef KYODO_SOURCE_H
#define KYODO_SOURCE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct source;

/** Bytes [start, end) of a source. `source` NULL: no place (a finding about the whole run). */
struct span {
    struct source *source;
    int32_t start;
    int32_t end;
};

struct position {
    int64_t line;   /* from 1 */
    int64_t column; /* from 1, code points */
};

/** Reads and decodes the file again; returns false when it can't. The text is malloc'ed and
 *  becomes the source's. Supplied by the load stage. Runs under the source's lock: it adds no
 *  findings. */
typedef bool (*source_reader)(void *context, struct slice path, char **text, ptrdiff_t *length);

/** Hides what must never be shown: rewrites `line`, the bytes [start, start + line.length) of the
 *  source's text, into `out` with the same number of code points. Supplied by who knows the columns
 *  (private columns of a register). */
typedef void (*source_mask)(void *context, struct slice line, ptrdiff_t start, struct buffer *out);

/** A new source. `path` is what findings print (relative to the site folder, `/` between names)
 *  and is copied. `text` may be {NULL, 0} when only `reader` knows it. Not copied: it must live
 *  as long as the source is resident. Freed with source_free. */
struct source *source_new(struct slice path, struct slice text, source_reader reader,
                          void *context);
void source_free(struct source *source);
/** Give a source that `reader` can read again its first text, so that the file is not read
 *  twice: malloc'ed (or NULL when empty), becomes the source's and is freed by source_drop and
 *  source_free like text that the reader made. */
void source_adopt(struct source *source, char *text, ptrdiff_t length);
struct slice source_path(const struct source *source);
/** The whole text, read again if it was dropped; empty when that fails. Valid until source_drop. */
struct slice source_text(struct source *source);
/** Forget the text (and free it, when the reader made it). Spans stay valid. */
void source_drop(struct source *source);
void source_set_mask(struct source *source, source_mask mask, void *context);
bool source_is_masked(struct source *source); /* false for NULL */
struct position source_position(struct source *source, ptrdiff_t offset);
/** The line that holds `offset`, without its line end; `*start` becomes its first byte's offset. */
struct slice source_line(struct source *source, ptrdiff_t offset, ptrdiff_t *start);

/** Where the wanted offset came to stand in a line that is shown. */
struct shown_line {
    ptrdiff_t at;       /* byte in the shown text */
    bool is_cut_before; /* the line has more before and behind it */
    bool is_cut_after;
};
/** Append to `out` the line that holds `offset` as it may be shown: masked, without its line
 *  end, and of a very long line only some kilobytes around the offset. False when there is no
 *  text. */
bool source_shown_line(struct source *source, ptrdiff_t offset, struct buffer *out,
                       struct shown_line *shown);

/** A stretch of a text that was put together of others, and where it came from. It goes on to the
 *  start of the next one. */
struct origin {
    ptrdiff_t start; /* in the made text */
    struct span at;
    bool is_verbatim; /* byte for byte, from at.start on; else all of it is `at` */
};
/** Tell where the text of a made source came from, in order, the first stretch from 0 on: findings
 *  show those places. `origins` and their sources must live as long as findings are added. */
void source_set_origins(struct source *source, const struct origin *origins, ptrdiff_t count);
/** The span where somebody wrote it; itself when its source is a file. `*is_verbatim`: its line
 *  reads the same in both. */
struct span span_origin(struct span span, bool *is_verbatim);

struct span span_make(struct source *source, ptrdiff_t start, ptrdiff_t end);
/** The start of the file (1:1), for findings about a whole file. */
struct span span_of_file(struct source *source);
/** The span of a slice that points into source_text(source). */
struct span span_of_slice(struct source *source, struct slice s);
/** The text of a span; empty when it has no source. */
struct slice span_text(struct span span);

#ifdef __cplusplus
}
#endif
#endif
