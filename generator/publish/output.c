#include "output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* ---- Findings ---- */

struct reason {
    int error;
    const char *text[INTERFACE_LANGUAGES];
};

static const struct reason REASONS[] = {
    {EACCES, {"書き込む権限がありません", "you have no permission to write there"}},
    {EPERM, {"書き込む権限がありません", "you have no permission to write there"}},
    {EROFS, {"読み取り専用のディスクです", "the disk is read-only"}},
    {ENOENT, {"フォルダーがありません", "there is no such folder"}},
    {ENOTDIR, {"フォルダーの位置にファイルがあります", "a file stands where a folder should be"}},
    {EISDIR, {"ファイルの位置にフォルダーがあります", "a folder stands where a file should be"}},
    {EEXIST, {"同じ名前のものがすでにあります", "something of that name is there already"}},
    {ELOOP, {"リンクはたどりません", "links are not followed"}},
    {ENAMETOOLONG, {"名前が長すぎます", "the name is too long"}},
    {EIO, {"ディスクがエラーを返しました", "the disk reports an error"}},
    {EMFILE, {"開いているファイルが多すぎます", "too many files are open"}},
    {ENFILE, {"開いているファイルが多すぎます", "too many files are open"}},
};

static const struct reason OTHER_REASON = {
    0, {"システムがエラーを返しました", "the system reports an error"}};

static const struct reason *reason_of(int error)
{
    for (size_t i = 0; i < sizeof(REASONS) / sizeof(*REASONS); i++) {
        if (REASONS[i].error == error) {
            return &REASONS[i];
        }
    }
    return &OTHER_REASON;
}

/* The text of the table with {0} and {1} replaced. */
static struct slice fill_in(struct buffer *out, const char *text, struct slice path,
                            struct slice reason)
{
    struct slice rest = slice_of(text);
    for (;;) {
        ptrdiff_t at = slice_find_byte(rest, '{', 0);
        if (at < 0 || rest.length - at < 3) {
            break;
        }
        buffer_append(out, slice_sub(rest, 0, at));
        buffer_append(out, rest.data[at + 1] == '0' ? path : reason);
        rest = slice_from(rest, at + 3);
    }
    buffer_append(out, rest);
    return buffer_slice(out);
}

static void append_path(const struct output *output, struct slice address, struct buffer *out)
{
    buffer_append(out, output->path);
    if (address.length > 0) {
        if (!slice_ends_with(output->path, SLICE("/"))) {
            buffer_append_byte(out, '/');
        }
        buffer_append(out, address);
    }
}

void output_report(const struct output *output, struct slice address, int error, bool is_half,
                   struct diag *diag)
{
    bool is_full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    struct buffer path = {0};
    struct buffer texts[INTERFACE_LANGUAGES] = {{0}};
    append_path(output, address, &path);
    struct report report = {.code = is_full ? CODE_output_full : CODE_output_unwritable,
                            .arguments = {buffer_slice(&path)}};
    for (int language = 0; language < INTERFACE_LANGUAGES; language++) {
        report.message[language] =
            fill_in(&texts[language], code_info(report.code)->message[language],
                    buffer_slice(&path), slice_of(reason_of(error)->text[language]));
    }
    if (is_half) {
        report.note_count = 1;
        report.notes[0].code = CODE_see_output_half;
    }
    diag_add(diag, &report);
    for (int language = 0; language < INTERFACE_LANGUAGES; language++) {
        buffer_release(&texts[language]);
    }
    buffer_release(&path);
}

static void report_path(const struct output *output, enum code code, struct slice address,
                        struct slice second, struct diag *diag)
{
    struct buffer path = {0};
    append_path(output, address, &path);
    DIAG(diag, code, (struct span){0}, buffer_slice(&path), second);
    buffer_release(&path);
}

void output_report_in_the_way(const struct output *output, struct slice address, struct diag *diag)
{
    report_path(output, CODE_output_in_the_way, address, SLICE(""), diag);
}

/* ---- Opening ---- */

/* Make a folder and what is missing above it; counts what was made. */
static int make_folder(char *path, int *made)
{
    if (mkdir(path, 0777) == 0) {
        *made += 1;
        return 0;
    }
    if (errno == EEXIST) {
        return 0; /* if it is no folder, opening it tells */
    }
    char *slash = strrchr(path, '/');
    if (errno != ENOENT || slash == NULL || slash == path) {
        return errno;
    }
    *slash = '\0';
    int error = make_folder(path, made);
    *slash = '/';
    if (error != 0) {
        return error;
    }
    if (mkdir(path, 0777) != 0) {
        return errno;
    }
    *made += 1;
    return 0;
}

static void remove_made(char *path, int made)
{
    for (; made > 0 && rmdir(path) == 0; made--) {
        char *slash = strrchr(path, '/');
        if (slash == NULL) {
            return;
        }
        *slash = '\0';
    }
}

static int enter(struct output *output, char *path)
{
    int error = make_folder(path, &output->folders_made);
    if (error != 0) {
        return error;
    }
    output->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return output->descriptor >= 0 ? 0 : errno;
}

/* The first name, by bytes, that neither we nor git put there; NULL when there is none. */
static int find_foreign(const struct output *output, struct arena *arena, struct slice *foreign)
{
    *foreign = (struct slice){NULL, 0};
    int descriptor = openat(output->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (folder == NULL) {
        return errno;
    }
    static const char *const own[] = {".", "..", ".gitignore", STAGE_NAME};
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct slice name = slice_of(entry->d_name);
        bool is_own = false;
        for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
            is_own = is_own || slice_equal(name, slice_of(own[i]));
        }
        if (!is_own && (foreign->data == NULL || slice_compare(name, *foreign) < 0)) {
            *foreign = arena_copy(arena, name);
        }
    }
    closedir(folder);
    return 0;
}

/* What the last build left behind: its list, its journal when it was stopped half-way, its stage.
 */
static bool read_last(struct output *output, struct arena *arena, struct diag *diag)
{
    int error = manifest_read(&output->manifest, output->descriptor, arena);
    struct slice name = SLICE(MANIFEST_NAME);
    if (error == 0) {
        error = journal_read(&output->journal, output->descriptor, arena);
        name = SLICE(JOURNAL_NAME);
    }
    if (error == EBADMSG || error == EFBIG) {
        report_path(output, CODE_output_manifest, name, output->path, diag);
        return false;
    }
    struct slice foreign = {NULL, 0};
    if (error == 0 && !output->manifest.exists && !output->journal.exists) {
        name = SLICE("");
        error = find_foreign(output, arena, &foreign);
    }
    if (error == 0 && foreign.data != NULL) {
        report_path(output, CODE_output_not_ours, SLICE(""), foreign, diag);
        return false;
    }
    if (error == 0) {
        name = SLICE(STAGE_NAME);
        error = folder_remove(output->descriptor, STAGE_NAME);
    }
    if (error != 0) {
        output_report(output, name, error, false, diag);
    }
    return error == 0;
}

/* The path in `text` as folders are made: without slashes at its end. False when it is too long. */
static bool copy_path(char text[PATH_MAX], struct slice path)
{
    if (path.length >= PATH_MAX) {
        return false;
    }
    while (path.length > 1 && path.data[path.length - 1] == '/') {
        path.length--;
    }
    address_string(text, path, SLICE(""));
    return true;
}

bool output_open(struct output *output, struct slice path, struct arena *arena, struct diag *diag)
{
    *output = (struct output){.path = path.length > 0 ? path : SLICE("."), .descriptor = -1};
    char text[PATH_MAX];
    int error = copy_path(text, output->path) ? enter(output, text) : ENAMETOOLONG;
    if (error != 0) {
        output_report(output, SLICE(""), error, false, diag);
        goto refused;
    }
    if (flock(output->descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        report_path(output, CODE_output_busy, SLICE(""), SLICE(""), diag);
        goto refused;
    }
    if (read_last(output, arena, diag)) {
        return true;
    }
refused:
    output_close(output, true);
    return false;
}

void output_close(struct output *output, bool discard)
{
    if (output->descriptor >= 0) {
        close(output->descriptor);
        output->descriptor = -1;
    }
    char text[PATH_MAX];
    if (discard && output->folders_made > 0 && copy_path(text, output->path)) {
        remove_made(text, output->folders_made);
    }
    output->folders_made = 0;
    manifest_release(&output->manifest);
    journal_release(&output->journal);
}

/* ---- What is ours ---- */

bool output_knows(const struct output *output, struct slice path)
{
    if (manifest_find(&output->manifest, path) != NULL ||
        map_find(&output->journal.by_path, path) != NULL) {
        return true;
    }
    if (!slice_ends_with(path, SLICE(PACKED_ENDING))) {
        return false;
    }
    struct slice plain = slice_sub(path, 0, path.length - (ptrdiff_t)(sizeof(PACKED_ENDING) - 1));
    const struct known_file *known = manifest_find(&output->manifest, plain);
    return known != NULL && known->packed_size > 0;
}

static bool knows_entries(const struct output *output, DIR *folder, struct slice path,
                          struct arena *scratch)
{
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct slice name = slice_of(entry->d_name);
        if (slice_equal(name, SLICE(".")) || slice_equal(name, SLICE(".."))) {
            continue;
        }
        struct slice inner = ARENA_JOIN(scratch, path, SLICE("/"), name);
        if (!output_knows(output, inner) && !output_knows_all_below(output, inner)) {
            return false;
        }
    }
    return true;
}

bool output_knows_all_below(const struct output *output, struct slice path)
{
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    int descriptor = openat(output->descriptor, arena_string(&scratch, path),
                            O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    bool knows = false;
    if (folder != NULL) {
        knows = knows_entries(output, folder, path, &scratch);
        closedir(folder);
    }
    arena_release(&scratch);
    return knows;
}
