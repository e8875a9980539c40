/* What a release says of itself: lines of a word and its value. The file lies in the release, is
 * hidden, and is no part of the manifest. */
#include "www.h"

#include <errno.h>

#define LABEL_FORM "kyodo-release 1"
#define LABEL_MOST 4096

int label_write(int folder, const struct release *release)
{
    struct buffer text = {0};
    buffer_append_format(&text,
                         LABEL_FORM "\ncommit %.*s\ntime %lld\npages %lld\nfiles %lld\n"
                                    "sequence %lld\nstamp %lld\nlanguage %.*s\naddress %.*s\n",
                         SLICE_ARGUMENTS(release->commit), (long long)release->time,
                         (long long)release->pages, (long long)release->files,
                         (long long)release->sequence, (long long)release->stamp,
                         SLICE_ARGUMENTS(release->language), SLICE_ARGUMENTS(release->base_url));
    int error = file_write(folder, LABEL_NAME, buffer_slice(&text));
    buffer_release(&text);
    return error;
}

static void take_line(struct slice line, struct release *release, struct arena *arena, int *known)
{
    struct slice value = line;
    struct slice word = slice_cut(&value, ' ');
    struct {
        const char *word;
        int64_t *value;
    } const numbers[] = {{"time", &release->time},
                         {"pages", &release->pages},
                         {"files", &release->files},
                         {"sequence", &release->sequence},
                         {"stamp", &release->stamp}};
    if (slice_equal(word, SLICE("commit"))) {
        release->commit = arena_copy(arena, value);
        *known += 1;
    }
    if (slice_equal(word, SLICE("language"))) {
        release->language = arena_copy(arena, value);
    }
    if (slice_equal(word, SLICE("address"))) {
        release->base_url = arena_copy(arena, value);
    }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        if (slice_equal(word, slice_of(numbers[i].word)) &&
            slice_to_integer(value, numbers[i].value) && *numbers[i].value >= 0) {
            *known += 1;
        }
    }
}

void label_read(int folder, struct release *release, struct arena *arena)
{
    struct slice text;
    struct timespec written;
    if (file_read_all(folder, LABEL_NAME, LABEL_MOST, &text, &written) != 0) {
        return;
    }
    struct release read = *release;
    struct slice rest = text;
    int known = 0;
    if (slice_equal(slice_cut(&rest, '\n'), SLICE(LABEL_FORM))) {
        while (rest.length > 0) {
            take_line(slice_cut(&rest, '\n'), &read, arena, &known);
        }
    }
    if (known == 6) {
        *release = read;
        release->is_known = true;
    }
    free((char *)(uintptr_t)text.data);
}
