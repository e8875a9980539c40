/*
 * Writes JSON (RFC 8259), UTF-8, into a buffer, piece by piece. `indent` false writes it on one
 * line, otherwise two spaces a level. Characters that are unsafe inside HTML (`<`, U+2028,
 * U+2029) or on a terminal (utf8_is_unsafe_on_terminal) are written as \u escapes, so that the
 * result may stand in a script element as it is and be looked at anywhere. Ill-formed bytes
 * become U+FFFD. Commas and colons are its affair; an unbalanced use is a BUG. `out` may be
 * emptied between two calls.
 */
#ifndef KYODO_JSON_WRITER_H
#define KYODO_JSON_WRITER_H

#include "arena.h"
#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_WRITER_DEPTH 64

struct json_writer {
    struct buffer *out;
    bool indent;
    int depth;
    bool has_member[JSON_WRITER_DEPTH];
    char closing[JSON_WRITER_DEPTH]; /* the bracket that ends this level */
    bool after_key;
};

void json_begin(struct json_writer *json, struct buffer *out, bool indent);
void json_object_begin(struct json_writer *json);
void json_object_end(struct json_writer *json);
void json_array_begin(struct json_writer *json);
void json_array_end(struct json_writer *json);
void json_key(struct json_writer *json, struct slice key);
/** For a key that is written again and again: its text with quotes and colon, made once, and
 * writing that. */
struct slice json_key_text(struct slice key, struct arena *arena);
void json_write_key_text(struct json_writer *json, struct slice text);
void json_write_string(struct json_writer *json, struct slice value);
void json_write_integer(struct json_writer *json, int64_t value);
void json_write_number(struct json_writer *json, double value);
/** A number by its own decimal text, which must be JSON's, so that no digit is lost. */
void json_write_decimal(struct json_writer *json, struct slice number);
void json_write_boolean(struct json_writer *json, bool value);
void json_write_null(struct json_writer *json);
/** Key and value at once. */
void json_member(struct json_writer *json, const char *key, struct slice value);
void json_member_integer(struct json_writer *json, const char *key, int64_t value);

/* jansson has functions of the shorter names, so they may not exist in our objects. */
#ifndef JANSSON_H
#define json_string json_write_string
#define json_integer json_write_integer
#define json_number json_write_number
#define json_boolean json_write_boolean
#define json_null json_write_null
#endif

#ifdef __cplusplus
}
#endif
#endif
