#define _GNU_SOURCE
#include "buffer.h"

#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "banned.h"
#include "bug.h"
#include "checked.h"
#include "file.h"

#define FIRST_CAPACITY 256
#define MOST_DIGITS 17 /* of a double's shortest decimal form */

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){0};
}

/* ---- Spilling ----
 *
 * Address space for the largest buffer is taken at once, so that the content never moves: its
 * beginning is the file, mapped, and behind that lies the window, plain memory where it grows. A
 * window that is full is written to the file and its memory used again for the next one: writing
 * takes a third to a fifth of what filling the mapped file takes, page by page. */

struct buffer_spill {
    struct slice place;  /* where the file can become one with a name; may be empty */
    struct slice folder; /* where it can lie otherwise */
    int descriptor;
    ptrdiff_t in_file; /* bytes before the window; 0 with `has_space`: all of it is the window */
    bool has_space;    /* the content lies in such address space, not on the heap */
    bool is_over;      /* no file, or no room in it: it stays in memory */
    bool is_linked;    /* somebody else's file now: nothing is added */
};

/* The window behind the largest content must fit, too. */
#define SPILL_SPACE ((size_t)(BUFFER_LIMIT + 2 * BUFFER_RESIDENT))

void buffer_init_spilling_to(struct buffer *buffer, struct slice place, struct slice folder)
{
    buffer_init(buffer);
    buffer->spill = calloc(1, sizeof(*buffer->spill));
    if (buffer->spill == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*buffer->spill));
    }
    *buffer->spill = (struct buffer_spill){.place = place, .folder = folder, .descriptor = -1};
}

void buffer_init_spilling(struct buffer *buffer, struct slice folder)
{
    buffer_init_spilling_to(buffer, SLICE(""), folder);
}

void buffer_rest(const struct buffer *buffer)
{
    if (buffer->spill != NULL && buffer->spill->in_file > 0) {
        madvise(buffer->data, (size_t)buffer->spill->in_file, MADV_DONTNEED);
    }
}

static void free_data(struct buffer *buffer)
{
    struct buffer_spill *spill = buffer->spill;
    if (spill != NULL && spill->has_space) {
        munmap(buffer->data, SPILL_SPACE);
    } else {
        free(buffer->data);
    }
    if (spill != NULL && spill->descriptor >= 0) {
        close(spill->descriptor);
        spill->descriptor = -1;
    }
}

static ptrdiff_t window_for(ptrdiff_t bytes)
{
    return (bytes + BUFFER_RESIDENT - 1) / BUFFER_RESIDENT * BUFFER_RESIDENT;
}

static bool map_memory(char *at, ptrdiff_t length)
{
    return mmap(at, (size_t)length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                -1, 0) != MAP_FAILED;
}

/* Off the heap: into a window. */
static bool enter_space(struct buffer *buffer, ptrdiff_t wanted)
{
    struct buffer_spill *spill = buffer->spill;
    ptrdiff_t window = window_for(wanted);
    spill->descriptor = file_open_linkable(spill->place);
    if (spill->descriptor < 0) {
        spill->descriptor = file_open_unnamed(spill->folder);
    }
    if (spill->descriptor < 0) {
        return false;
    }
    char *space =
        mmap(NULL, SPILL_SPACE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED) {
        return false;
    }
    if (!map_memory(space, window)) {
        munmap(space, SPILL_SPACE);
        return false;
    }
    if (buffer->data != NULL) {
        memcpy(space, buffer->data, (size_t)buffer->length);
    }
    free(buffer->data);
    spill->has_space = true;
    buffer->data = space;
    buffer->capacity = window;
    return true;
}

/* The window's bytes up to `end` lie in the file. */
static bool write_window(const struct buffer *buffer, ptrdiff_t end)
{
    ptrdiff_t at = buffer->spill->in_file;
    return end <= at || file_write_at(buffer->spill->descriptor, buffer->data + at, end - at, at);
}

/* Put the window into the file, whole: what lies in it behind the content is written over later, or
 * cut off. */
static bool next_window(struct buffer *buffer, ptrdiff_t wanted)
{
    struct buffer_spill *spill = buffer->spill;
    ptrdiff_t window = buffer->capacity - spill->in_file;
    ptrdiff_t next = window_for(wanted - buffer->capacity);
    char *old = buffer->data + spill->in_file;
    char *new = buffer->data + buffer->capacity;
    if (!write_window(buffer, buffer->capacity)) {
        return false;
    }
    /* Its memory goes to the new place; the old one stays taken, or another thread might get it. */
    bool is_moved = window == next &&
                    mremap(old, (size_t)window, (size_t)window,
                           MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, new) != MAP_FAILED;
    if (!is_moved && !map_memory(new, next)) {
        return false;
    }
    if (mmap(old, (size_t)window, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, spill->descriptor,
             (off_t)spill->in_file) == MAP_FAILED) {
        memory_exhausted(window);
    }
    spill->in_file = buffer->capacity;
    buffer->capacity += next;
    return true;
}

/* False: it stays in memory, or goes back there. */
static bool grow_in_file(struct buffer *buffer, ptrdiff_t wanted)
{
    struct buffer_spill *spill = buffer->spill;
    if (spill == NULL || spill->is_over || wanted <= BUFFER_RESIDENT) {
        return false;
    }
    CHECK(!spill->is_linked);
    spill->is_over =
        !(spill->has_space ? next_window(buffer, wanted) : enter_space(buffer, wanted));
    return !spill->is_over;
}

/* Out of the file again, into memory of that size. */
static char *leave_space(struct buffer *buffer, ptrdiff_t capacity)
{
    char *data = malloc((size_t)capacity);
    if (data != NULL && buffer->data != NULL) {
        memcpy(data, buffer->data, (size_t)buffer->length);
        free_data(buffer);
        buffer->spill->has_space = false;
        buffer->spill->in_file = 0;
    }
    return data;
}

bool buffer_link(const struct buffer *buffer, int folder, const char *name)
{
    struct buffer_spill *spill = buffer->spill;
    char path[32];
    if (spill == NULL || spill->in_file == 0) {
        return false;
    }
    snprintf(path, sizeof(path), "/proc/self/fd/%d", spill->descriptor);
    if (!write_window(buffer, buffer->length) ||
        linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) != 0) {
        return false;
    }
    if (ftruncate(spill->descriptor, (off_t)buffer->length) != 0) {
        unlinkat(folder, name, 0);
        return false;
    }
    spill->is_linked = true;
    mprotect(buffer->data, (size_t)buffer->capacity, PROT_READ);
    return true;
}

bool buffer_stretch(const struct buffer *buffer, ptrdiff_t *at, struct slice *stretch)
{
    buffer_rest(buffer);
    *stretch = slice_sub(buffer_slice(buffer), *at, *at + BUFFER_RESIDENT);
    *at += stretch->length;
    return stretch->length > 0;
}

/* ---- All buffers ---- */

void buffer_release(struct buffer *buffer)
{
    free_data(buffer);
    free(buffer->spill);
    buffer_init(buffer);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
}

void buffer_grow(struct buffer *buffer, ptrdiff_t extra)
{
    CHECK(extra >= 0);
    ptrdiff_t wanted;
    if (!checked_add(buffer->length, extra, &wanted) || wanted > BUFFER_LIMIT) {
        memory_exhausted(extra);
    }
    if (grow_in_file(buffer, wanted)) {
        return;
    }
    ptrdiff_t capacity = buffer->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buffer->capacity * 2;
    if (capacity < wanted) {
        capacity = wanted;
    }
    bool has_space = buffer->spill != NULL && buffer->spill->has_space;
    char *data =
        has_space ? leave_space(buffer, capacity) : realloc(buffer->data, (size_t)capacity);
    if (data == NULL) {
        memory_exhausted(capacity);
    }
    buffer->data = data;
    buffer->capacity = capacity;
}

void buffer_append_repeated(struct buffer *buffer, char byte, ptrdiff_t count)
{
    if (count > 0) {
        memset(buffer_reserve(buffer, count), (unsigned char)byte, (size_t)count);
        buffer->length += count;
    }
}

void buffer_append_integer(struct buffer *buffer, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof(digits);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        *--at = '-';
    }
    buffer_append(buffer, slice_make(at, digits + sizeof(digits) - at));
}

struct decimal {
    char digits[MOST_DIGITS + 1];
    int count;
    int point; /* the value is 0.DIGITS times ten to this power */
};

/* The decimal of `precision` digits next to a positive value. Whatever the locale's decimal
 * point is, only the digits are read. */
static struct decimal decimal_of(double value, int precision)
{
    char text[64];
    snprintf(text, sizeof(text), "%.*e", precision - 1, value);
    struct decimal decimal = {.count = 0};
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') {
            decimal.digits[decimal.count++] = *at;
        }
    }
    decimal.point = (int)strtol(at + 1, NULL, 10) + 1;
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') {
        decimal.count--;
    }
    return decimal;
}

static double value_of(const struct decimal *decimal, locale_t c_locale)
{
    char text[64];
    snprintf(text, sizeof(text), "%.*se%d", decimal->count, decimal->digits,
             decimal->point - decimal->count);
    return strtod_l(text, NULL, c_locale);
}

static struct decimal shortest_decimal(double value)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    CHECK(c_locale != (locale_t)0);
    /* Fifteen digits survive the way through a normal double, so nothing shorter is missed
     * there. */
    int precision = value < 2.2250738585072014e-308 ? 1 : 15;
    struct decimal decimal = decimal_of(value, precision);
    while (precision < MOST_DIGITS && value_of(&decimal, c_locale) != value) {
        precision++;
        decimal = decimal_of(value, precision);
    }
    freelocale(c_locale);
    return decimal;
}

/* Most figures have few places: when an integer of at most fifteen digits divided by a small
 * power of ten is the value, it is the shortest decimal too. */
static bool short_decimal(double value, struct decimal *decimal)
{
    static const double powers[] = {1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    for (int places = 1; places <= (int)(sizeof(powers) / sizeof(powers[0])); places++) {
        double scaled = nearbyint(value * powers[places - 1]);
        if (scaled >= 1e15) {
            return false;
        }
        if (scaled >= 1 && scaled / powers[places - 1] == value) {
            int64_t digits = (int64_t)scaled;
            int count = 0;
            for (int64_t rest = digits; rest > 0; rest /= 10) {
                count++;
            }
            decimal->count = count;
            decimal->point = count - places;
            for (int i = count - 1; i >= 0; i--) {
                decimal->digits[i] = (char)('0' + digits % 10);
                digits /= 10;
            }
            return true;
        }
    }
    return false;
}

static void append_plain(struct buffer *buffer, const struct decimal *decimal)
{
    if (decimal->point <= 0) {
        buffer_append_literal(buffer, "0.");
        buffer_append_repeated(buffer, '0', -decimal->point);
        buffer_append(buffer, slice_make(decimal->digits, decimal->count));
    } else if (decimal->point >= decimal->count) {
        buffer_append(buffer, slice_make(decimal->digits, decimal->count));
        buffer_append_repeated(buffer, '0', decimal->point - decimal->count);
    } else {
        buffer_append(buffer, slice_make(decimal->digits, decimal->point));
        buffer_append_byte(buffer, '.');
        buffer_append(
            buffer, slice_make(decimal->digits + decimal->point, decimal->count - decimal->point));
    }
}

void buffer_append_number(struct buffer *buffer, double value)
{
    CHECK(isfinite(value));
    if (fabs(value) < 9007199254740992.0 && value == trunc(value)) {
        buffer_append_integer(buffer, (int64_t)value);
        return;
    }
    if (value < 0) {
        buffer_append_byte(buffer, '-');
        value = -value;
    }
    struct decimal decimal = {.count = 0};
    if (!short_decimal(value, &decimal)) {
        decimal = shortest_decimal(value);
    }
    if (value >= 1e-7 && value < 1e21) {
        append_plain(buffer, &decimal);
        return;
    }
    buffer_append_byte(buffer, decimal.digits[0]);
    if (decimal.count > 1) {
        buffer_append_byte(buffer, '.');
        buffer_append(buffer, slice_make(decimal.digits + 1, decimal.count - 1));
    }
    buffer_append_byte(buffer, 'e');
    buffer_append_integer(buffer, decimal.point - 1);
}

/* Room for what is formatted at the first try; what is longer is formatted twice. */
#define FORMATTED_USUALLY 64

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    char *start = buffer_reserve(buffer, FORMATTED_USUALLY);
    ptrdiff_t room = buffer->capacity - buffer->length;
    va_list list;
    va_start(list, format);
    int length = vsnprintf(start, (size_t)room, format, list);
    va_end(list);
    CHECK(length >= 0);
    if (length >= room) {
        start = buffer_reserve(buffer, (ptrdiff_t)length + 1);
        va_start(list, format);
        vsnprintf(start, (size_t)length + 1, format, list);
        va_end(list);
    }
    buffer->length += length;
}

struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->length};
}
