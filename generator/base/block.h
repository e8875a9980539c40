/*
 * Sixteen bytes looked at together, on processors with SSE2 (every x86-64; without it who uses this
 * goes byte by byte). Not in base.h: for those who look at every byte of long texts. Results are
 * bits, one a byte, the lowest for the first.
 */
#ifndef KYODO_BLOCK_H
#define KYODO_BLOCK_H

#ifdef __SSE2__
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BLOCK ((ptrdiff_t)16)

static inline uint64_t block_read_8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static inline uint64_t block_read_4(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* `count` bytes, 0 to 7, in one word; zeros behind them. Two reads that overlap are as good as one
 * of just these bytes. */
static inline uint64_t block_read_few(const char *at, ptrdiff_t count)
{
    if (count >= 4) {
        return block_read_4(at) | block_read_4(at + count - 4) << (8 * (count - 4));
    }
    uint64_t word = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        word |= (uint64_t)(unsigned char)at[i] << (8 * i);
    }
    return word;
}

/** The first of `count` bytes (at least 0) at `at`, at most sixteen, with zeros behind them.
 * Nothing beyond them is read. */
static inline __m128i block_load(const char *at, ptrdiff_t count)
{
    if (count >= BLOCK) {
        return _mm_loadu_si128((const __m128i *)(const void *)at);
    }
    if (count < 8) {
        return _mm_set_epi64x(0, (int64_t)block_read_few(at, count));
    }
    uint64_t end = count > 8 ? block_read_8(at + count - 8) >> (8 * (BLOCK - count)) : 0;
    return _mm_set_epi64x((int64_t)end, (int64_t)block_read_8(at));
}

/** All sixteen, where there is room for them. */
static inline void block_store(char *at, __m128i block)
{
    _mm_storeu_si128((__m128i *)(void *)at, block);
}

/** Which bytes are `byte`. */
static inline unsigned int block_equal(__m128i block, int byte)
{
    return (unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8((char)byte)));
}

/** Which bytes are below `byte` as signed numbers: there the bytes of other characters are below
 * all of ASCII. */
static inline unsigned int block_below(__m128i block, int byte)
{
    return (unsigned int)_mm_movemask_epi8(_mm_cmplt_epi8(block, _mm_set1_epi8((char)byte)));
}

#ifdef __cplusplus
}
#endif
#endif
#endif
