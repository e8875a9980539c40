#include "hash.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <xxhash.h>

#include "bug.h"

struct sha256_stream {
    EVP_MD_CTX *context;
};

uint64_t hash_64(struct slice s)
{
    return XXH3_64bits(s.length == 0 ? "" : s.data, (size_t)s.length);
}

struct hash_128 hash_128(struct slice s)
{
    XXH128_hash_t hash = XXH3_128bits(s.length == 0 ? "" : s.data, (size_t)s.length);
    return (struct hash_128){.low = hash.low64, .high = hash.high64};
}

struct hash_128 hash_128_of_buffer(const struct buffer *buffer)
{
    if (buffer->length <= BUFFER_RESIDENT) {
        return hash_128(buffer_slice(buffer));
    }
    struct hash_stream *stream = hash_begin();
    struct slice stretch;
    for (ptrdiff_t at = 0; buffer_stretch(buffer, &at, &stretch);) {
        hash_feed(stream, stretch);
    }
    return hash_end(stream);
}

/* A stream is the library's state under our name. */
struct hash_stream *hash_begin(void)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(void *));
    }
    XXH3_128bits_reset(state);
    return (struct hash_stream *)state;
}

void hash_feed(struct hash_stream *stream, struct slice s)
{
    XXH3_128bits_update((XXH3_state_t *)stream, s.data, (size_t)s.length);
}

struct hash_128 hash_end(struct hash_stream *stream)
{
    XXH3_state_t *state = (XXH3_state_t *)stream;
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    return (struct hash_128){.low = hash.low64, .high = hash.high64};
}

struct sha256 sha256_of(struct slice s)
{
    struct sha256 digest;
    unsigned int length = 0;
    if (EVP_Digest(s.length == 0 ? "" : s.data, (size_t)s.length, digest.bytes, &length,
                   EVP_sha256(), NULL) != 1 ||
        length != sizeof(digest.bytes)) {
        BUG("SHA-256 is not available in this libcrypto");
    }
    return digest;
}

static struct slice hex_of(struct arena *arena, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * EVP_MAX_MD_SIZE];
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return arena_copy(arena, slice_make(text, (ptrdiff_t)(2 * count)));
}

struct slice sha256_hex(struct arena *arena, const struct sha256 *digest)
{
    return hex_of(arena, digest->bytes, sizeof(digest->bytes));
}

struct slice digest_hex(struct arena *arena, struct slice algorithm, struct slice s)
{
    static const struct {
        struct slice name;
        const EVP_MD *(*make)(void);
    } known[] = {
        {{"md5", 3}, EVP_md5},       {{"sha1", 4}, EVP_sha1},     {{"sha224", 6}, EVP_sha224},
        {{"sha256", 6}, EVP_sha256}, {{"sha384", 6}, EVP_sha384}, {{"sha512", 6}, EVP_sha512},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        unsigned char bytes[EVP_MAX_MD_SIZE];
        unsigned int length = 0;
        /* MD5 may be switched off in this libcrypto: then it is as if it were unknown. */
        if (slice_equal_ignoring_ascii_case(known[i].name, algorithm) &&
            EVP_Digest(s.length == 0 ? "" : s.data, (size_t)s.length, bytes, &length,
                       known[i].make(), NULL) == 1) {
            return hex_of(arena, bytes, length);
        }
    }
    return (struct slice){0};
}

struct sha256_stream *sha256_begin(void)
{
    struct sha256_stream *stream = malloc(sizeof(*stream));
    if (stream == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*stream));
    }
    stream->context = EVP_MD_CTX_new();
    if (stream->context == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*stream));
    }
    if (EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL) != 1) {
        BUG("SHA-256 is not available in this libcrypto");
    }
    return stream;
}

void sha256_feed(struct sha256_stream *stream, struct slice s)
{
    if (s.length > 0 && EVP_DigestUpdate(stream->context, s.data, (size_t)s.length) != 1) {
        BUG("SHA-256 refused its input");
    }
}

struct sha256 sha256_end(struct sha256_stream *stream)
{
    struct sha256 digest;
    unsigned int length = 0;
    if (EVP_DigestFinal_ex(stream->context, digest.bytes, &length) != 1 ||
        length != sizeof(digest.bytes)) {
        BUG("SHA-256 gave no digest");
    }
    EVP_MD_CTX_free(stream->context);
    free(stream);
    return digest;
}

struct sha256 sha256_of_buffer(const struct buffer *buffer)
{
    struct sha256_stream *stream = sha256_begin();
    struct slice stretch;
    for (ptrdiff_t at = 0; buffer_stretch(buffer, &at, &stretch);) {
        sha256_feed(stream, stretch);
    }
    return sha256_end(stream);
}
