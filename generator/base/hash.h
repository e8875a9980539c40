/* Hashes: a fast one for maps and change detection (XXH3), SHA-256 for everything that is
 * published. */
#ifndef KYODO_HASH_H
#define KYODO_HASH_H

#include "arena.h"
#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

uint64_t hash_64(struct slice s);

struct hash_128 {
    uint64_t low;
    uint64_t high;
};
struct hash_128 hash_128(struct slice s);
struct hash_128 hash_128_of_buffer(const struct buffer *buffer);
/** The same of several pieces, fed one after the other. */
struct hash_stream;
struct hash_stream *hash_begin(void);
void hash_feed(struct hash_stream *stream, struct slice s);
struct hash_128 hash_end(struct hash_stream *stream); /* frees the stream */

/** SHA-256 (FIPS 180-4) by OpenSSL. */
struct sha256 {
    unsigned char bytes[32];
};
struct sha256 sha256_of(struct slice s);
struct sha256 sha256_of_buffer(const struct buffer *buffer);
/** 64 lower-case hexadecimal digits. */
struct slice sha256_hex(struct arena *arena, const struct sha256 *digest);
/** The digest of a file by the name of a published one: md5, sha1, sha224, sha256, sha384 or sha512
 * in any capitals. Lower-case hexadecimal digits; empty for any other name. Not for our own use. */
struct slice digest_hex(struct arena *arena, struct slice algorithm, struct slice s);
/** A hash of several pieces, fed one after the other. */
struct sha256_stream;
struct sha256_stream *sha256_begin(void);
void sha256_feed(struct sha256_stream *stream, struct slice s);
struct sha256 sha256_end(struct sha256_stream *stream); /* frees the stream */

#ifdef __cplusplus
}
#endif
#endif
