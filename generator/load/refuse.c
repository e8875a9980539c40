/* Why a file as a whole is refused, in words that a person can act on. */
#include "refuse.h"

#include <errno.h>

void report_file(struct diag *diag, enum code code, struct slice path, struct slice first,
                 struct slice second)
{
    if (diag == NULL) {
        return;
    }
    struct source *source = source_new(path, (struct slice){NULL, 0}, NULL, NULL);
    diag_add(diag, &(struct report){
                       .code = code, .span = span_of_file(source), .arguments = {first, second}});
    source_free(source);
}

/* Why a file could not be read, in words that a person can act on. */
struct reason {
    int error;
    const char *text[INTERFACE_LANGUAGES];
};

static const struct reason REASONS[] = {
    {EACCES, {"読む権限がありません", "you have no permission to read it"}},
    {EPERM, {"読む権限がありません", "you have no permission to read it"}},
    {ENOENT, {"ファイルがありません", "there is no such file"}},
    {ENOTDIR, {"フォルダーの位置にファイルがあります", "a file stands where a folder should be"}},
    {EISDIR, {"ファイルの位置にフォルダーがあります", "a folder stands where a file should be"}},
    {EINVAL, {"通常のファイルではありません", "it is not a regular file"}},
    {ELOOP, {"リンクはたどりません", "links are not followed"}},
    {EFBIG, {"大きすぎます", "it is too large"}},
    {ENAMETOOLONG,
     {"パスが長すぎるか、フォルダーが深すぎます", "its path is too long or too deep"}},
    {EIO, {"ディスクの読み取りエラーです", "the disk reports a read error"}},
    {EMFILE, {"開いているファイルが多すぎます", "too many files are open"}},
    {ENFILE, {"開いているファイルが多すぎます", "too many files are open"}},
};

static const struct reason OTHER_REASON = {
    0, {"システムがエラーを返しました", "the system reports an error"}};

/* The text of the table with its {0} replaced. */
static struct slice fill_in(struct buffer *out, const char *text, const char *argument)
{
    struct slice rest = slice_of(text);
    ptrdiff_t at = slice_find(rest, SLICE("{0}"), 0);
    buffer_append(out, slice_sub(rest, 0, at < 0 ? rest.length : at));
    if (at >= 0) {
        buffer_append(out, slice_of(argument));
        buffer_append(out, slice_from(rest, at + 3));
    }
    return buffer_slice(out);
}

void report_unreadable(struct diag *diag, struct slice path, int error)
{
    if (diag == NULL) {
        return;
    }
    const struct reason *reason = &OTHER_REASON;
    for (size_t i = 0; i < sizeof(REASONS) / sizeof(*REASONS); i++) {
        if (REASONS[i].error == error) {
            reason = &REASONS[i];
        }
    }
    struct source *source = source_new(path, (struct slice){NULL, 0}, NULL, NULL);
    struct report report = {.code = CODE_file_unreadable, .span = span_of_file(source)};
    struct buffer text[INTERFACE_LANGUAGES];
    for (int language = 0; language < INTERFACE_LANGUAGES; language++) {
        buffer_init(&text[language]);
        report.message[language] =
            fill_in(&text[language], code_info(CODE_file_unreadable)->message[language],
                    reason->text[language]);
    }
    diag_add(diag, &report);
    for (int language = 0; language < INTERFACE_LANGUAGES; language++) {
        buffer_release(&text[language]);
    }
    source_free(source);
}
