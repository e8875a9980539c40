/* Previews of other branches: each a folder of its own behind a link, exchanged like the live site.
 */
#include "www.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LINKS "preview"
#define FOLDERS "previews"
/* Longer names end in a part of their hash, behind two underscores, which no other name has. */
#define NAME_LONGEST 100
#define NAME_KEPT 60

struct slice preview_folder(struct slice branch, struct arena *arena)
{
    struct buffer name = {0};
    for (ptrdiff_t i = 0; i < branch.length; i++) {
        unsigned char byte = (unsigned char)branch.data[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
        if (is_plain) {
            buffer_append_byte(&name, (char)byte);
        } else if (byte == '/') {
            buffer_append_byte(&name, '.');
        } else {
            buffer_append_format(&name, "_%02x", byte);
        }
    }
    struct slice result = buffer_slice(&name);
    if (result.length > NAME_LONGEST) {
        struct sha256 digest = sha256_of(branch);
        struct slice hex = sha256_hex(arena, &digest);
        result =
            ARENA_JOIN(arena, slice_sub(result, 0, NAME_KEPT), SLICE("__"), slice_sub(hex, 0, 16));
    } else {
        result = arena_copy(arena, result);
    }
    buffer_release(&name);
    return result;
}

static int make_folder(const struct www *www, const char *path)
{
    return mkdirat(www->descriptor, path, 0777) == 0 || errno == EEXIST ? 0 : errno;
}

/* What the link leads to, `previews/<folder>/<commit>`, or NULL. */
static const char *target_of(struct www *www, const char *link)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(www->descriptor, link, target, sizeof(target));
    struct slice path = slice_make(target, length > 0 ? length : 0);
    struct slice up = SLICE("../");
    if (!slice_starts_with(path, SLICE("../" FOLDERS "/")) ||
        slice_find(path, SLICE(".."), up.length) >= 0) {
        return NULL;
    }
    return arena_string(&www->arena, slice_from(path, up.length));
}

static int place(struct www *www, const char *folder, const char *path, const char *link)
{
    int error = make_folder(www, LINKS);
    error = error != 0 ? error : make_folder(www, FOLDERS);
    error = error != 0 ? error : make_folder(www, folder);
    const char *last = target_of(www, link);
    bool is_again = last != NULL && slice_equal(slice_of(last), slice_of(path));
    error = error != 0 ? error : www_take_place(www, path);
    const char *target =
        arena_string(&www->arena, ARENA_JOIN(&www->arena, SLICE("../"), slice_of(path)));
    error = error != 0 ? error : www_point(www, link, target);
    if (error == 0 && last != NULL && !is_again) {
        (void)www_discard(www, last);
    }
    return error;
}

bool preview_finish(struct www *www, struct slice folder, struct slice commit, struct diag *diag)
{
    struct arena *arena = &www->arena;
    const char *parent = arena_string(arena, ARENA_JOIN(arena, SLICE(FOLDERS "/"), folder));
    const char *path = arena_string(arena, ARENA_JOIN(arena, slice_of(parent), SLICE("/"), commit));
    const char *link = arena_string(arena, ARENA_JOIN(arena, SLICE(LINKS "/"), folder));
    int error = place(www, parent, path, link);
    if (error != 0) {
        www_report(www, slice_of(path), error, diag);
        (void)www_discard(www, WWW_NEW);
    }
    return error == 0;
}

bool preview_remove(struct www *www, struct slice folder, struct diag *diag)
{
    struct arena *arena = &www->arena;
    const char *parent = arena_string(arena, ARENA_JOIN(arena, SLICE(FOLDERS "/"), folder));
    const char *link = arena_string(arena, ARENA_JOIN(arena, SLICE(LINKS "/"), folder));
    int error = unlinkat(www->descriptor, link, 0) == 0 || errno == ENOENT ? 0 : errno;
    error = error != 0 ? error : www_discard(www, parent);
    if (error != 0) {
        www_report(www, slice_of(link), error, diag);
    }
    return error == 0;
}
