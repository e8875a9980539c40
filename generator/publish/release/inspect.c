/* Is a release whole? Its files against its manifest, and the links inside its pages. */
#include "www.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PAGE_ENDING ".html"
#define INDEX_NAME "index.html"
#define PAGE_MOST ((int64_t)64 << 20)

struct inspection {
    int folder;
    const struct manifest *manifest;
    struct slice shown; /* what findings put before an address */
    struct diag *diag;
    struct arena scratch;
    struct buffer room;
    bool is_whole;
};

static void inspection_begin(struct inspection *inspection, int folder,
                             const struct manifest *manifest, struct slice shown, struct diag *diag)
{
    *inspection = (struct inspection){
        .folder = folder, .manifest = manifest, .shown = shown, .diag = diag, .is_whole = true};
    arena_init(&inspection->scratch, ARENA_DEFAULT_LIMIT);
}

static bool inspection_end(struct inspection *inspection)
{
    buffer_release(&inspection->room);
    arena_release(&inspection->scratch);
    return inspection->is_whole;
}

static void found(struct inspection *inspection, enum code code, struct slice address,
                  struct slice second)
{
    struct slice path = ARENA_JOIN(&inspection->scratch, inspection->shown, SLICE("/"), address);
    DIAG(inspection->diag, code, (struct span){0}, path, second);
    inspection->is_whole = inspection->is_whole && code_info(code)->severity != SEVERITY_ERROR;
}

/* ---- Files ---- */

static void inspect_file(struct inspection *inspection, struct folder_walk *walk,
                         struct slice address, struct slice ending, int64_t size,
                         struct hash_128 wanted)
{
    char name[PATH_MAX];
    address_string(name, address_name(address), ending);
    struct slice path = ARENA_JOIN(&inspection->scratch, address, ending);
    struct stat status;
    if (folder_go(walk, address_folder(address)) != FOLDER_OPEN ||
        fstatat(folder_descriptor(walk), name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        found(inspection, CODE_release_missing, path, SLICE(""));
        return;
    }
    struct hash_128 hash;
    if (!S_ISREG(status.st_mode) || status.st_size != size ||
        !file_hash(folder_descriptor(walk), name, size, &inspection->room, &hash) ||
        hash.low != wanted.low || hash.high != wanted.high) {
        found(inspection, CODE_release_changed, path, SLICE(""));
    }
}

static bool is_known(const struct inspection *inspection, struct slice path)
{
    if (slice_equal(path, SLICE(MANIFEST_NAME)) || slice_equal(path, SLICE(LABEL_NAME)) ||
        manifest_find(inspection->manifest, path) != NULL) {
        return true;
    }
    if (!slice_ends_with(path, SLICE(PACKED_ENDING))) {
        return false;
    }
    struct slice plain = slice_sub(path, 0, path.length - (ptrdiff_t)(sizeof(PACKED_ENDING) - 1));
    const struct known_file *file = manifest_find(inspection->manifest, plain);
    return file != NULL && file->packed_size > 0;
}

/* What lies there and is in no list. `prefix` ends in a slash or is empty. Closes the descriptor.
 */
static void inspect_foreign(struct inspection *inspection, int descriptor, struct slice prefix,
                            int depth)
{
    DIR *folder = fdopendir(descriptor);
    if (folder == NULL) {
        close(descriptor);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct slice name = slice_of(entry->d_name);
        if (slice_equal(name, SLICE(".")) || slice_equal(name, SLICE(".."))) {
            continue;
        }
        struct slice path = ARENA_JOIN(&inspection->scratch, prefix, name);
        int inner =
            openat(descriptor, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0 && depth < FOLDER_DEPTH) {
            inspect_foreign(inspection, inner, ARENA_JOIN(&inspection->scratch, path, SLICE("/")),
                            depth + 1);
            continue;
        }
        if (inner >= 0) {
            close(inner);
        }
        if (inner >= 0 || !is_known(inspection, path)) {
            found(inspection, CODE_release_foreign, path, SLICE(""));
        }
    }
    closedir(folder);
}

/* The files whose addresses begin with `prefix`. */
static void inspect_list(struct inspection *inspection, struct slice prefix)
{
    struct folder_walk walk;
    folder_walk_init(&walk, inspection->folder, false);
    for (ptrdiff_t i = 0; i < inspection->manifest->count; i++) {
        const struct known_file *file = &inspection->manifest->files[i];
        if (!slice_starts_with(file->address, prefix)) {
            continue;
        }
        inspect_file(inspection, &walk, file->address, SLICE(""), file->size, file->hash);
        if (file->packed_size > 0) {
            inspect_file(inspection, &walk, file->address, SLICE(PACKED_ENDING), file->packed_size,
                         file->packed_hash);
        }
    }
    folder_walk_release(&walk);
}

bool inspect_shared(const struct www *www, const struct manifest *manifest, struct diag *diag)
{
    struct inspection inspection;
    inspection_begin(&inspection, www->descriptor, manifest, www->path, diag);
    inspect_list(&inspection, SLICE(ASSETS_PREFIX));
    return inspection_end(&inspection);
}

bool inspect_files(int folder, const struct manifest *manifest, struct slice shown,
                   struct diag *diag)
{
    struct inspection inspection;
    inspection_begin(&inspection, folder, manifest, shown, diag);
    inspect_list(&inspection, SLICE(""));
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (again >= 0) {
        inspect_foreign(&inspection, again, SLICE(""), 0);
    }
    return inspection_end(&inspection);
}

/* ---- Links ---- */

/* A link as a path below the root: relative to `page`, without query and fragment, percent and
 * `&amp;` undone. False when it leads elsewhere or nowhere in particular. */
static bool resolve(struct slice page, struct slice link, struct buffer *out)
{
    ptrdiff_t end = 0;
    while (end < link.length && link.data[end] != '#' && link.data[end] != '?') {
        if (link.data[end] == ':') {
            return false; /* a scheme: relative links of ours have no colon before a slash */
        }
        end++;
    }
    struct slice rest = slice_sub(link, 0, end);
    if (rest.length == 0 || rest.data[0] == '/') {
        return false;
    }
    buffer_clear(out);
    buffer_append(out, address_folder(page));
    while (rest.data != NULL) {
        struct slice name = slice_cut(&rest, '/');
        bool is_last = rest.data == NULL;
        if (slice_equal(name, SLICE(".."))) {
            struct slice above = slice_sub(buffer_slice(out), 0, out->length - 1);
            out->length = address_folder(above).length;
        } else if (!slice_equal(name, SLICE("."))) {
            buffer_append(out, name);
            buffer_append(out, is_last ? SLICE("") : SLICE("/"));
        }
    }
    if (out->length == 0 || out->data[out->length - 1] == '/') {
        buffer_append_literal(out, INDEX_NAME);
    }
    return true;
}

static int hexadecimal(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void undo_escapes(struct buffer *path)
{
    ptrdiff_t to = 0;
    for (ptrdiff_t at = 0; at < path->length; at++) {
        struct slice rest = slice_from(buffer_slice(path), at);
        char byte = rest.data[0];
        if (byte == '%' && rest.length > 2 && hexadecimal(rest.data[1]) >= 0 &&
            hexadecimal(rest.data[2]) >= 0) {
            byte = (char)(hexadecimal(rest.data[1]) << 4 | hexadecimal(rest.data[2]));
            at += 2;
        } else if (slice_starts_with(rest, SLICE("&amp;"))) {
            at += 4;
        }
        path->data[to++] = byte;
    }
    path->length = to;
}

static void inspect_link(struct inspection *inspection, struct slice page, struct slice link)
{
    struct buffer path = {0};
    if (resolve(page, link, &path)) {
        undo_escapes(&path);
        if (manifest_find(inspection->manifest, buffer_slice(&path)) == NULL) {
            found(inspection, CODE_release_broken_link, page, link);
        }
    }
    buffer_release(&path);
}

static bool is_link_attribute(struct slice tag, ptrdiff_t quote)
{
    struct slice before = slice_sub(tag, 0, quote);
    return slice_ends_with(before, SLICE(" href=")) || slice_ends_with(before, SLICE(" src="));
}

/* Pages are ours: attributes stand in double quotes, and `<` occurs in text only as `&lt;`. */
static void inspect_page(struct inspection *inspection, struct slice page, struct slice text)
{
    for (ptrdiff_t at = 0; (at = slice_find_byte(text, '<', at)) >= 0; at++) {
        for (ptrdiff_t end; at < text.length && text.data[at] != '>'; at = end + 1) {
            end = at;
            while (end < text.length && text.data[end] != '"' && text.data[end] != '>') {
                end++;
            }
            if (end == text.length || text.data[end] == '>') {
                break;
            }
            ptrdiff_t quote = end;
            end = slice_find_byte(text, '"', quote + 1);
            if (end < 0) {
                return;
            }
            if (is_link_attribute(text, quote)) {
                inspect_link(inspection, page, slice_sub(text, quote + 1, end));
            }
        }
    }
}

bool inspect_links(int folder, const struct manifest *manifest, struct slice shown,
                   struct diag *diag)
{
    struct inspection inspection;
    inspection_begin(&inspection, folder, manifest, shown, diag);
    struct folder_walk walk;
    folder_walk_init(&walk, folder, false);
    for (ptrdiff_t i = 0; i < manifest->count; i++) {
        struct slice address = manifest->files[i].address;
        char name[PATH_MAX];
        struct slice text;
        struct timespec written;
        if (!slice_ends_with(address, SLICE(PAGE_ENDING)) ||
            folder_go(&walk, address_folder(address)) != FOLDER_OPEN ||
            file_read_all(folder_descriptor(&walk),
                          address_string(name, address_name(address), SLICE("")), PAGE_MOST, &text,
                          &written) != 0) {
            continue; /* inspect_files tells what can't be read */
        }
        inspect_page(&inspection, address, text);
        free((char *)(uintptr_t)text.data);
    }
    folder_walk_release(&walk);
    return inspection_end(&inspection);
}
