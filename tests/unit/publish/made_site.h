/*
 * For tests: a site that is nothing but a list of files, in the place of the render stage, and
 * output trees compared with it. Each test program is linked with these functions instead of
 * render's own.
 */
#ifndef KYODO_MADE_SITE_H
#define KYODO_MADE_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "publish.h"

#define MADE_MOST 512

/** One file: `text` NULL stands for some kilobytes of text that `seed` decides. */
struct made_file {
    const char *address;
    const char *text;
    int seed;
    enum render_phase phase;
    bool is_incompressible;
    bool fails;
    useconds_t takes; /* time to make it */
    unsigned int inputs;
};

struct render {
    struct artefact plan[MADE_MOST];
    struct artefact_result results[MADE_MOST];
    struct made_file files[MADE_MOST];
    ptrdiff_t count;
    _Atomic int made; /* how often a file was made */
};

static inline void made_bytes(const struct made_file *file, struct buffer *out)
{
    if (file->text != NULL) {
        buffer_append(out, slice_of(file->text));
        return;
    }
    unsigned int state = (unsigned int)file->seed;
    for (int i = 0; i < 400; i++) {
        state = state * 1103515245U + 12345U;
        buffer_append_format(out, "<p>%s %d</p>\n", file->address, (int)(state >> 16 & 255));
    }
}

static inline bool made_make(const struct render *render, const struct artefact *artefact,
                             struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)worker;
    ((struct render *)(uintptr_t)render)->made++;
    const struct made_file *file = artefact->subject;
    if (file->fails) {
        DIAG(diag, CODE_file_unreadable, (struct span){0}, SLICE("on purpose"));
        return false;
    }
    usleep(file->takes);
    made_bytes(file, out);
    return true;
}

static inline int made_compare(const void *a, const void *b)
{
    const struct artefact *left = a;
    const struct artefact *right = b;
    if (left->phase != right->phase) {
        return left->phase < right->phase ? -1 : 1;
    }
    return slice_compare(left->address, right->address);
}

/** A site of the files up to one without an address. */
static inline void made_init(struct render *site, const struct made_file *files)
{
    *site = (struct render){.count = 0};
    for (; files->address != NULL; files++) {
        assert_true(site->count < MADE_MOST);
        site->files[site->count] = *files;
        site->plan[site->count] = (struct artefact){
            .address = slice_of(files->address),
            .group = GROUP_PAGE,
            .phase = files->phase,
            .compressible = !files->is_incompressible,
            .inputs = files->inputs,
            .make = made_make,
            .subject = &site->files[site->count],
        };
        site->count++;
    }
    qsort(site->plan, (size_t)site->count, sizeof(site->plan[0]), made_compare);
}

struct artefact *render_plan(struct render *render, ptrdiff_t *count, struct diag *diag)
{
    (void)diag;
    *count = render->count;
    return render->plan;
}

void render_phase_range(const struct render *render, enum render_phase phase, ptrdiff_t *first,
                        ptrdiff_t *end)
{
    *first = 0;
    while (*first < render->count && render->plan[*first].phase < phase) {
        *first += 1;
    }
    *end = *first;
    while (*end < render->count && render->plan[*end].phase == phase) {
        *end += 1;
    }
}

/* No artefact here tells of others by how their addresses begin. */
const struct artefact *render_beginning(const struct render *render, enum render_phase phase,
                                        struct slice start, ptrdiff_t *count)
{
    (void)phase;
    (void)start;
    *count = 0;
    return render->plan;
}

struct deflate_shelf *render_shelf(const struct render *render)
{
    (void)render;
    return NULL;
}

bool render_artefact(struct render *render, const struct artefact *artefact, int worker,
                     struct buffer *out, struct diag *diag)
{
    (void)worker;
    return artefact->make(render, artefact, NULL, out, diag);
}

/* No artefact here shows cases. */
struct case_list render_shown(const struct render *render, int worker)
{
    (void)render;
    (void)worker;
    return (struct case_list){NULL, 0};
}

void render_note_result(struct render *render, ptrdiff_t index,
                        const struct artefact_result *result)
{
    render->results[index] = *result;
}

const struct artefact_result *render_result(const struct render *render, struct slice address)
{
    for (ptrdiff_t i = 0; i < render->count; i++) {
        if (slice_equal(render->plan[i].address, address) && render->results[i].is_known) {
            return &render->results[i];
        }
    }
    return NULL;
}

/* ---- Publishing it ---- */

struct published {
    enum publish_status status;
    struct publish_summary summary;
    char findings[2048]; /* "code: English message" a line, without the folder's name */
    int notes;
};

static inline void list_findings(struct diag *diag, const char *out, struct published *published)
{
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    struct buffer text = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
        struct slice rest = findings[i].message[INTERFACE_ENGLISH];
        buffer_append_format(&text, "%s: ", code_info(findings[i].code)->name);
        for (ptrdiff_t at; (at = slice_find(rest, slice_of(out), 0)) >= 0;) {
            buffer_append(&text, slice_sub(rest, 0, at));
            buffer_append_literal(&text, "OUT");
            rest = slice_from(rest, at + slice_of(out).length);
        }
        buffer_append(&text, rest);
        buffer_append_byte(&text, '\n');
        published->notes += findings[i].note_count;
    }
    snprintf(published->findings, sizeof(published->findings), "%.*s", (int)text.length,
             text.length > 0 ? text.data : "");
    buffer_release(&text);
}

static inline struct published made_publish(struct render *site, const char *out, struct pool *pool,
                                            bool gzip)
{
    struct published published = {.status = PUBLISH_DONE};
    struct diag *diag = diag_new(0);
    struct publish_options options = {.out = slice_of(out), .gzip = gzip, .pool = pool};
    published.status = publish_tree(site, &options, &published.summary, diag);
    list_findings(diag, out, &published);
    diag_free(diag);
    return published;
}

/* ---- Folders ---- */

/** A folder of a test's own, and the paths that it puts together. */
struct place {
    char *path;
    struct arena names;
};

static struct place here;

static inline int made_temporary(void **state)
{
    (void)state;
    arena_init(&here.names, ARENA_DEFAULT_LIMIT);
    here.path = strdup(access("/dev/shm", W_OK) == 0 ? "/dev/shm/kyodo-publish-XXXXXX"
                                                     : "/tmp/kyodo-publish-XXXXXX");
    return mkdtemp(here.path) != NULL ? 0 : -1;
}

static inline const char *inside(const char *folder, const char *name)
{
    struct slice parts[] = {slice_of(folder), SLICE("/"), slice_of(name)};
    return arena_string(&here.names, arena_join(&here.names, parts, 3));
}

/** A path in the test's folder. */
static inline const char *in_place(const char *name)
{
    return inside(here.path, name);
}

static inline bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static inline void made_erase(const char *path)
{
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        const char *inner = inside(path, entry->d_name);
        struct stat status;
        if (is_dots(entry->d_name) || lstat(inner, &status) != 0) {
            continue;
        }
        if (S_ISDIR(status.st_mode)) {
            chmod(inner, 0755);
            made_erase(inner);
        } else {
            unlink(inner);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    rmdir(path);
}

static inline int made_remove_temporary(void **state)
{
    (void)state;
    made_erase(here.path);
    free(here.path);
    arena_release(&here.names);
    return 0;
}

static inline void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static inline struct slice get_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return (struct slice){NULL, 0};
    }
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)length + 1);
    assert_int_equal(fread(bytes, 1, (size_t)length, file), length);
    fclose(file);
    return slice_make(bytes, length);
}

static inline void free_slice(struct slice s)
{
    free((char *)(uintptr_t)s.data);
}

/* ---- Comparing ---- */

/** Bytes that a .gz holds, malloc'ed. */
static inline struct slice unpack(struct slice packed)
{
    z_stream stream = {0};
    ptrdiff_t room = 1 << 20;
    char *bytes = malloc((size_t)room);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)packed.data;
    stream.avail_in = (uInt)packed.length;
    stream.next_out = (Bytef *)bytes;
    stream.avail_out = (uInt)room;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    ptrdiff_t length = room - (ptrdiff_t)stream.avail_out;
    assert_int_equal(stream.avail_in, 0);
    inflateEnd(&stream);
    return slice_make(bytes, length);
}

static inline void assert_slices(struct slice got, struct slice wanted, const char *what)
{
    if (got.data == NULL || !slice_equal(got, wanted)) {
        fail_msg("%s: %td bytes are not the %td wanted", what, got.length, wanted.length);
    }
}

static inline int count_files(const char *path, int depth)
{
    int count = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct stat status;
        if (is_dots(entry->d_name) ||
            (depth == 0 && strcmp(entry->d_name, ".kyodo-manifest") == 0)) {
            continue;
        }
        const char *inner = inside(path, entry->d_name);
        assert_int_equal(lstat(inner, &status), 0);
        if (S_ISDIR(status.st_mode)) {
            int below = count_files(inner, depth + 1);
            if (below == 0) {
                fail_msg("%s is an empty folder", inner);
            }
            count += below;
        } else {
            count++;
        }
    }
    closedir(folder);
    return count;
}

/** The output is exactly this site, packed where that is worth it, with `more` files that are not
 * of the build. */
static inline void assert_tree(const struct made_file *files, const char *out, bool gzip, int more)
{
    struct buffer bytes = {0};
    int wanted = more;
    for (const struct made_file *file = files; file->address != NULL; file++) {
        buffer_clear(&bytes);
        made_bytes(file, &bytes);
        struct slice got = get_file(inside(out, file->address));
        assert_slices(got, buffer_slice(&bytes), file->address);
        free_slice(got);
        wanted++;
        bool is_packed = gzip && !file->is_incompressible && file->text == NULL;
        struct slice name = ARENA_JOIN(&here.names, slice_of(file->address), SLICE(".gz"));
        struct slice packed = get_file(inside(out, arena_string(&here.names, name)));
        if (is_packed) {
            assert_non_null(packed.data);
            struct slice unpacked = unpack(packed);
            assert_slices(unpacked, buffer_slice(&bytes), file->address);
            assert_true(packed.length < unpacked.length);
            free_slice(unpacked);
            wanted++;
        }
        free_slice(packed);
    }
    buffer_release(&bytes);
    assert_int_equal(count_files(out, 0), wanted);
}

#endif
