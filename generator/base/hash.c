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

struct slice sha256_hex(struct arena *arena, const struct sha256 *digest)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * sizeof(digest->bytes)];
    for (size_t i = 0; i < sizeof(digest->bytes); i++) {
        text[2 * i] = digits[digest->bytes[i] >> 4];
        text[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    return arena_copy(arena, slice_make(text, (ptrdiff_t)sizeof(text)));
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
