#include "manifest.h"

#include <errno.h>
#include <unistd.h>

#include "folders.h"

#define MANIFEST_FORM "kyodo-manifest 1 "
#define JOURNAL_FORM "kyodo-journal 1\n"
#define HASH_DIGITS 32
#define DIGEST_DIGITS 64
#define END_WORD "end "
#define END_LENGTH ((ptrdiff_t)(sizeof(END_WORD) - 1 + HASH_DIGITS + 1))
#define TEXT_MOST ((int64_t)4 << 30)
/* The longest line of a file: three hashes, two sizes, the address, and what stands between them.
 */
#define LINE_MOST (2 * HASH_DIGITS + DIGEST_DIGITS + 2 * 18 + 6 + ADDRESS_MOST)
/* Bytes that are read in one go: they stay near the processor. */
#define STRETCH 0x10000

/* ---- Hexadecimal ---- */

/* The value of a lower-case digit; 16 of any other byte. */
static unsigned int digit_value(char c)
{
    static const unsigned char values[256] = {
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
        ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
        ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    };
    unsigned int value = values[(unsigned char)c];
    return value == 0 ? 16 : value - 1;
}

/* Takes `count` bytes in hexadecimal and one `separator` from the front. */
static bool take_bytes(struct slice *rest, unsigned char *bytes, ptrdiff_t count, char separator)
{
    if (rest->length <= 2 * count || rest->data[2 * count] != separator) {
        return false;
    }
    unsigned int seen = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        unsigned int high = digit_value(rest->data[2 * i]);
        unsigned int low = digit_value(rest->data[2 * i + 1]);
        seen |= high | low;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    if (seen > 15) {
        return false;
    }
    *rest = slice_from(*rest, 2 * count + 1);
    return true;
}

static void put_bytes(struct buffer *out, const unsigned char *bytes, ptrdiff_t count)
{
    static const char digits[] = "0123456789abcdef";
    char *at = buffer_reserve(out, 2 * count);
    for (ptrdiff_t i = 0; i < count; i++) {
        at[2 * i] = digits[bytes[i] >> 4];
        at[2 * i + 1] = digits[bytes[i] & 15];
    }
    out->length += 2 * count;
}

static bool take_hash(struct slice *rest, struct hash_128 *hash, char separator)
{
    unsigned char bytes[HASH_DIGITS / 2];
    if (!take_bytes(rest, bytes, (ptrdiff_t)sizeof(bytes), separator)) {
        return false;
    }
    *hash = (struct hash_128){0};
    for (int i = 0; i < 8; i++) {
        hash->high = hash->high << 8 | bytes[i];
        hash->low = hash->low << 8 | bytes[8 + i];
    }
    return true;
}

static void put_hash(struct buffer *out, struct hash_128 hash)
{
    unsigned char bytes[HASH_DIGITS / 2];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(hash.high >> (56 - 8 * i));
        bytes[8 + i] = (unsigned char)(hash.low >> (56 - 8 * i));
    }
    put_bytes(out, bytes, (ptrdiff_t)sizeof(bytes));
}

static bool take_size(struct slice *rest, int64_t *size)
{
    int64_t value = 0;
    ptrdiff_t at = 0;
    while (at < rest->length && at < 18 && rest->data[at] >= '0' && rest->data[at] <= '9') {
        value = value * 10 + (rest->data[at] - '0');
        at++;
    }
    if (at == 0 || at == rest->length || rest->data[at] != ' ') {
        return false;
    }
    *size = value;
    *rest = slice_from(*rest, at + 1);
    return true;
}

/* ---- The frame: a first line with the form, a last line with the hash of all before it ---- */

static struct hash_128 put_end(struct buffer *out)
{
    struct hash_128 hash = hash_128(buffer_slice(out));
    buffer_append_literal(out, END_WORD);
    put_hash(out, hash);
    buffer_append_byte(out, '\n');
    return hash;
}

/* What the last line says. */
static bool take_end(struct slice end, struct hash_128 *said)
{
    struct slice rest = end;
    if (!slice_starts_with(rest, SLICE(END_WORD))) {
        return false;
    }
    rest = slice_from(rest, (ptrdiff_t)sizeof(END_WORD) - 1);
    return take_hash(&rest, said, '\n');
}

/* What stands between the form and the last line; false when the text is not whole. */
static bool take_frame(struct slice text, struct slice form, struct slice *content,
                       struct hash_128 *hash)
{
    if (text.length < form.length + END_LENGTH || !slice_starts_with(text, form)) {
        return false;
    }
    struct slice body = slice_sub(text, 0, text.length - END_LENGTH);
    struct hash_128 said;
    if (!take_end(slice_from(text, body.length), &said)) {
        return false;
    }
    *hash = hash_128(body);
    *content = slice_from(body, form.length);
    return said.low == hash->low && said.high == hash->high &&
           (content->length == 0 || content->data[content->length - 1] == '\n');
}

static ptrdiff_t count_lines(struct slice text)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t at = 0; (at = slice_find_byte(text, '\n', at)) >= 0; at++) {
        count++;
    }
    return count;
}

/* ---- The manifest ---- */

static bool take_file(struct slice line, struct known_file *file)
{
    struct slice rest = line;
    if (!take_hash(&rest, &file->hash, ' ') || !take_size(&rest, &file->size) ||
        !take_hash(&rest, &file->packed_hash, ' ') || !take_size(&rest, &file->packed_size)) {
        return false;
    }
    if (slice_starts_with(rest, SLICE("- "))) {
        rest = slice_from(rest, 2);
    } else if (take_bytes(&rest, file->digest.bytes, (ptrdiff_t)sizeof(file->digest.bytes), ' ')) {
        file->has_digest = true;
    } else {
        return false;
    }
    file->address = rest;
    return address_is_good(rest);
}

bool manifest_take(struct slice line, struct known_file *file)
{
    *file = (struct known_file){.size = 0};
    return take_file(line, file);
}

/* Hashes are most of a line, and most files need none of theirs. */
static bool pass_digits(struct slice *rest, ptrdiff_t count)
{
    if (rest->length <= count || rest->data[count] != ' ') {
        return false;
    }
    *rest = slice_make(rest->data + count + 1, rest->length - count - 1);
    return true;
}

bool manifest_list(struct slice *lines, struct listed_file *file)
{
    if (lines->length == 0) {
        return false;
    }
    file->line = slice_cut(lines, '\n');
    struct slice rest = file->line;
    if (!pass_digits(&rest, HASH_DIGITS) || !take_size(&rest, &file->size) ||
        !pass_digits(&rest, HASH_DIGITS) || !take_size(&rest, &file->packed_size) ||
        !pass_digits(&rest, slice_starts_with(rest, SLICE("- ")) ? 1 : DIGEST_DIGITS)) {
        return false;
    }
    file->address = rest;
    return address_is_good(rest);
}

/* Its bytes [at, end) in `room`; false when there are fewer. */
static bool read_range(const struct manifest_file *file, int64_t at, int64_t end,
                       struct buffer *room, struct slice *bytes)
{
    ptrdiff_t length = (ptrdiff_t)(end - at);
    buffer_clear(room);
    char *memory = buffer_reserve(room, length + 1);
    *bytes = slice_make(memory, length);
    return file_read_at(file->descriptor, memory, length, at) == length;
}

/* The hash of all before the last line; false when it can't be read. */
static bool hash_body(const struct manifest_file *file, int64_t end, struct buffer *room,
                      struct hash_128 *hash)
{
    struct hash_stream *stream = hash_begin();
    bool is_read = true;
    for (int64_t at = 0; is_read && at < end; at += STRETCH) {
        struct slice bytes;
        is_read = read_range(file, at, end - at < STRETCH ? end : at + STRETCH, room, &bytes);
        hash_feed(stream, is_read ? bytes : SLICE(""));
    }
    *hash = hash_end(stream);
    return is_read;
}

/* As take_frame, with a look at how files are packed. */
static bool take_file_frame(struct manifest_file *file, struct buffer *room)
{
    struct slice form = SLICE(MANIFEST_FORM);
    struct slice bytes;
    struct hash_128 said;
    int64_t size = file->status.st_size;
    if (size < form.length + END_LENGTH || size > TEXT_MOST ||
        !read_range(file, 0, size < LINE_MOST ? size : LINE_MOST, room, &bytes) ||
        !slice_starts_with(bytes, form)) {
        return false;
    }
    file->lines = slice_find_byte(bytes, '\n', 0) + 1;
    file->end = size - END_LENGTH;
    return file->lines > 0 && file->lines <= file->end &&
           read_range(file, file->end - 1, size, room, &bytes) && bytes.data[0] == '\n' &&
           take_end(slice_from(bytes, 1), &said) && hash_body(file, file->end, room, &file->hash) &&
           said.low == file->hash.low && said.high == file->hash.high;
}

int manifest_open(struct manifest_file *file, int out)
{
    *file = (struct manifest_file){.lines = 0};
    file->descriptor = file_open_regular(out, MANIFEST_NAME, &file->status);
    if (file->descriptor < 0) {
        return errno;
    }
    struct buffer room = {0};
    bool is_whole = take_file_frame(file, &room);
    buffer_release(&room);
    if (!is_whole) {
        manifest_close(file);
    }
    return is_whole ? 0 : EBADMSG;
}

void manifest_close(struct manifest_file *file)
{
    if (file->descriptor >= 0) {
        close(file->descriptor);
        file->descriptor = -1;
    }
}

bool manifest_take_lines(const struct manifest_file *file, int64_t at, int64_t length,
                         struct buffer *room, struct slice *lines)
{
    /* From the byte before, which tells whether a line begins at `at`. */
    int64_t first = file->lines + at - 1;
    int64_t behind = file->end - first - 1 < length ? file->end : first + 1 + length;
    int64_t end = file->end - behind < LINE_MOST ? file->end : behind + LINE_MOST;
    struct slice bytes;
    if (!read_range(file, first, end, room, &bytes)) {
        return false;
    }
    /* A line that begins before `behind` ends in what was read. */
    ptrdiff_t start = slice_find_byte(bytes, '\n', 0) + 1;
    ptrdiff_t stop = slice_find_byte(bytes, '\n', (ptrdiff_t)(behind - first) - 1) + 1;
    *lines = slice_sub(bytes, start, stop);
    return start > 0 && stop >= start;
}

static int read_files(struct manifest *manifest, struct slice content, struct arena *arena)
{
    struct slice rest = content;
    manifest->packing = slice_cut(&rest, '\n');
    manifest->files = ARENA_ARRAY(arena, struct known_file, count_lines(rest) + 1);
    while (rest.length > 0) {
        struct known_file *file = &manifest->files[manifest->count];
        bool is_new = false;
        if (!take_file(slice_cut(&rest, '\n'), file)) {
            return EBADMSG;
        }
        map_insert(&manifest->by_address, arena, file->address, &is_new)->value.integer =
            manifest->count;
        if (!is_new) {
            return EBADMSG;
        }
        manifest->count++;
    }
    return 0;
}

int manifest_read(struct manifest *manifest, int out, struct arena *arena)
{
    *manifest = (struct manifest){0};
    struct slice text;
    int error = file_read_all(out, MANIFEST_NAME, TEXT_MOST, &text, &manifest->written);
    if (error != 0) {
        return error == ENOENT ? 0 : error;
    }
    manifest->text = (char *)(uintptr_t)text.data;
    manifest->exists = true;
    struct slice content;
    if (!take_frame(text, SLICE(MANIFEST_FORM), &content, &manifest->hash)) {
        return EBADMSG;
    }
    return read_files(manifest, content, arena);
}

void manifest_release(struct manifest *manifest)
{
    free(manifest->text);
    *manifest = (struct manifest){0};
}

const struct known_file *manifest_find(const struct manifest *manifest, struct slice address)
{
    const struct map_entry *entry = map_find(&manifest->by_address, address);
    return entry == NULL ? NULL : &manifest->files[entry->value.integer];
}

void manifest_begin(struct buffer *out, struct slice packing)
{
    buffer_append_literal(out, MANIFEST_FORM);
    buffer_append(out, packing);
    buffer_append_byte(out, '\n');
}

void manifest_add(struct buffer *out, const struct known_file *file)
{
    put_hash(out, file->hash);
    buffer_append_byte(out, ' ');
    buffer_append_integer(out, file->size);
    buffer_append_byte(out, ' ');
    put_hash(out, file->packed_hash);
    buffer_append_byte(out, ' ');
    buffer_append_integer(out, file->packed_size);
    buffer_append_byte(out, ' ');
    if (file->has_digest) {
        put_bytes(out, file->digest.bytes, (ptrdiff_t)sizeof(file->digest.bytes));
    } else {
        buffer_append_byte(out, '-');
    }
    buffer_append_byte(out, ' ');
    buffer_append(out, file->address);
    buffer_append_byte(out, '\n');
}

struct hash_128 manifest_end(struct buffer *out)
{
    return put_end(out);
}

/* ---- The journal ---- */

int journal_read(struct journal *journal, int out, struct arena *arena)
{
    *journal = (struct journal){0};
    struct slice text;
    struct timespec written;
    int error = file_read_all(out, JOURNAL_NAME, TEXT_MOST, &text, &written);
    if (error != 0) {
        return error == ENOENT ? 0 : error;
    }
    journal->text = (char *)(uintptr_t)text.data;
    journal->exists = true;
    struct slice rest;
    struct hash_128 hash;
    if (!take_frame(text, SLICE(JOURNAL_FORM), &rest, &hash)) {
        return EBADMSG;
    }
    while (rest.length > 0) {
        struct slice path = slice_cut(&rest, '\n');
        if (!address_is_good(path)) {
            return EBADMSG;
        }
        map_insert(&journal->by_path, arena, path, NULL);
    }
    return 0;
}

void journal_release(struct journal *journal)
{
    free(journal->text);
    *journal = (struct journal){0};
}

void journal_begin(struct buffer *out)
{
    buffer_append_literal(out, JOURNAL_FORM);
}

void journal_add(struct buffer *out, struct slice path)
{
    buffer_append(out, path);
    buffer_append_byte(out, '\n');
}

void journal_end(struct buffer *out)
{
    put_end(out);
}
