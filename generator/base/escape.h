/*
 * Escapers; the context is in the name. Each appends to a buffer and drops nothing but characters
 * that the context cannot hold at all (controls that XML 1.0 forbids become U+FFFD).
 */
#ifndef KYODO_ESCAPE_H
#define KYODO_ESCAPE_H

#include "arena.h"
#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

void escape_html_text(struct buffer *out, struct slice s);      /* & < > */
void escape_html_attribute(struct buffer *out, struct slice s); /* & < > " ' */
void escape_xml(struct buffer *out, struct slice s); /* & < > " ' and forbidden controls */
/** One path of a URL as a href needs it (RFC 3986): slashes stay, bytes outside unreserved and
 *  sub-delims become %XX; what is already %XX stays. */
void escape_url_path(struct buffer *out, struct slice s);
/** The other way round: each %XX becomes its byte. A path that is not UTF-8 then stays as it is. In
 *  the arena, or `s` itself. */
struct slice unescape_url_path(struct arena *arena, struct slice s);
/** One field of a CSV record by RFC 4180: quoted when it holds a comma, a quote, CR or LF, or
 *  starts or ends with white space; quotes doubled. */
void escape_csv_field(struct buffer *out, struct slice s);

/** The first byte at or behind `at` whose kind has a bit of `mask`, or the length. Of ASCII only
 * controls, DEL and " & ' < > { may have kinds other than 0, of all other bytes only EF. */
ptrdiff_t escape_find_special(struct slice s, ptrdiff_t at, const unsigned char kinds[256],
                              unsigned mask);

#ifdef __cplusplus
}
#endif
#endif
