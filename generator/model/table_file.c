#include "registers.h"

#include <stdlib.h>

/* What is said of a file as a whole: its size and checksum, how many columns and rows it has, its
 * line ends. */

static void report_file_of(const struct table_reader *reader, enum code code,
                           const struct node *node, struct slice found, struct slice wanted)
{
    diag_add(reader->diag, &(struct report){.code = code,
                                            .span = node->span,
                                            .resource = reader->table->name,
                                            .arguments = {found, wanted}});
}

const struct node *table_declared(const struct table *table, const char *name)
{
    const struct node *own = node_get(table->descriptor, name);
    const struct node *stats = node_get(table->descriptor, "stats");
    return own != NULL || stats == NULL ? own : node_get(stats, name);
}

/* `algorithm:digits`; MD5 where no algorithm is named. One that is not known is not judged. */
static void check_hash(const struct table_reader *reader, const struct node *hash,
                       struct slice algorithm, struct slice bytes)
{
    struct slice digits = hash->text;
    if (algorithm.length == 0) {
        ptrdiff_t colon = slice_find_byte(digits, ':', 0);
        algorithm = colon < 0 ? SLICE("md5") : slice_sub(digits, 0, colon);
        digits = slice_from(digits, colon + 1);
    }
    struct slice found = digest_hex(reader->arena, algorithm, bytes);
    if (found.length > 0 && !slice_equal_ignoring_ascii_case(found, digits)) {
        report_file_of(reader, CODE_register_hash, hash, found, SLICE(""));
    }
}

static void check_count(const struct table_reader *reader, enum code code, const char *name,
                        int64_t found)
{
    const struct node *node = table_declared(reader->table, name);
    int64_t wanted;
    if (node != NULL && slice_to_integer(node->text, &wanted) && wanted != found) {
        report_file_of(reader, code, node, arena_format(reader->arena, "%lld", (long long)found),
                       node->text);
    }
}

/* The names that a checksum may stand at: our own first, then those of older tools' `stats`. */
static const struct {
    const char *name;
    struct slice algorithm; /* empty: the value says it */
} hash_members[] = {{"hash", {0}}, {"md5", {"md5", 3}}, {"sha256", {"sha256", 6}}};
#define HASH_MEMBERS ((int)(sizeof(hash_members) / sizeof(hash_members[0])))

static void check_bytes(const struct table_reader *reader)
{
    bool is_declared = table_declared(reader->table, "bytes") != NULL;
    for (int i = 0; i < HASH_MEMBERS; i++) {
        is_declared = is_declared || table_declared(reader->table, hash_members[i].name) != NULL;
    }
    char *bytes;
    int64_t length;
    if (!is_declared || !tree_read_bytes(reader->site->tree, reader->table->path,
                                         LOAD_LIMIT_REGISTER, &bytes, &length, reader->diag)) {
        return;
    }
    check_count(reader, CODE_register_bytes, "bytes", length);
    for (int i = 0; i < HASH_MEMBERS; i++) {
        const struct node *hash = table_declared(reader->table, hash_members[i].name);
        if (hash != NULL) {
            check_hash(reader, hash, hash_members[i].algorithm,
                       slice_make(bytes, (ptrdiff_t)length));
        }
    }
    free(bytes);
}

/* ---- Encoding ---- */

/* What people call the encodings that are read, in small letters and without marks. */
static const struct {
    struct slice name;
    enum encoding encoding;
} encoding_names[] = {
    {SLICE_CONSTANT("utf8"), ENCODING_UTF8},        {SLICE_CONSTANT("utf8sig"), ENCODING_UTF8},
    {SLICE_CONSTANT("utf8bom"), ENCODING_UTF8},     {SLICE_CONSTANT("utf8n"), ENCODING_UTF8},
    {SLICE_CONSTANT("cp65001"), ENCODING_UTF8},     {SLICE_CONSTANT("unicode"), ENCODING_UTF16LE},
    {SLICE_CONSTANT("ascii"), ENCODING_UTF8},       {SLICE_CONSTANT("usascii"), ENCODING_UTF8},
    {SLICE_CONSTANT("shiftjis"), ENCODING_CP932},   {SLICE_CONSTANT("sjis"), ENCODING_CP932},
    {SLICE_CONSTANT("xsjis"), ENCODING_CP932},      {SLICE_CONSTANT("mskanji"), ENCODING_CP932},
    {SLICE_CONSTANT("cp932"), ENCODING_CP932},      {SLICE_CONSTANT("ms932"), ENCODING_CP932},
    {SLICE_CONSTANT("windows31j"), ENCODING_CP932}, {SLICE_CONSTANT("utf16"), ENCODING_UTF16LE},
    {SLICE_CONSTANT("utf16le"), ENCODING_UTF16LE},  {SLICE_CONSTANT("utf16be"), ENCODING_UTF16LE},
    {SLICE_CONSTANT("ucs2"), ENCODING_UTF16LE},
};

/* Encodings that one name may mean, as the one. */
static enum encoding family_of(enum encoding encoding)
{
    return encoding == ENCODING_UTF8_MARK ? ENCODING_UTF8
           : encoding == ENCODING_UTF16BE ? ENCODING_UTF16LE
                                          : encoding;
}

/* False when nobody here knows the name. */
static bool encoding_by_name(struct slice name, enum encoding *encoding)
{
    char plain[16]; /* longer than any of them */
    ptrdiff_t length = 0;
    for (ptrdiff_t i = 0; i < name.length && length < (ptrdiff_t)sizeof(plain); i++) {
        char c = name.data[i];
        bool is_capital = c >= 'A' && c <= 'Z';
        if (c != '-' && c != '_' && c != ' ') {
            plain[length++] = is_capital ? (char)(c - 'A' + 'a') : c;
        }
    }
    for (size_t i = 0; i < sizeof(encoding_names) / sizeof(encoding_names[0]); i++) {
        if (slice_equal(encoding_names[i].name, slice_make(plain, length))) {
            *encoding = encoding_names[i].encoding;
            return true;
        }
    }
    return false;
}

void table_check_certain(const struct table *table, struct source *source,
                         const struct decoding *decoding, struct diag *diag)
{
    const struct node *node = node_get(table->descriptor, "encoding");
    enum encoding declared;
    bool is_confirmed = node != NULL && node->kind == NODE_SCALAR &&
                        encoding_by_name(node->text, &declared) &&
                        declared == family_of(decoding->encoding);
    if (!is_confirmed) {
        report_uncertain(diag, source, decoding);
    }
}

static bool is_ascii(struct slice s)
{
    for (ptrdiff_t i = 0; i < s.length; i++) {
        if ((s.data[i] & 0x80) != 0) {
            return false;
        }
    }
    return true;
}

/* Other programs read a file in the encoding that its description names; without one, in UTF-8. Of
 * names that are not known here it is known that they are not UTF-8. */
static void check_encoding(const struct table_reader *reader, const struct decoding *decoding)
{
    static const char *const names[] = {[ENCODING_UTF8] = "utf-8",
                                        [ENCODING_UTF8_MARK] = "utf-8",
                                        [ENCODING_CP932] = "cp932",
                                        [ENCODING_UTF16LE] = "utf-16",
                                        [ENCODING_UTF16BE] = "utf-16"};
    const struct table *table = reader->table;
    const struct node *node = node_get(table->descriptor, "encoding");
    enum encoding declared = ENCODING_UTF8;
    enum encoding found = family_of(decoding->encoding);
    bool is_known =
        node == NULL || (node->kind == NODE_SCALAR && encoding_by_name(node->text, &declared));
    if ((is_known ? found == declared : found != ENCODING_UTF8) ||
        (found != ENCODING_UTF16LE && declared != ENCODING_UTF16LE &&
         is_ascii(source_text(table->source)))) {
        return;
    }
    const struct node *path = node_get(table->descriptor, "path");
    diag_add(reader->diag, &(struct report){.code = node != NULL ? CODE_register_encoding
                                                                 : CODE_register_encoding_unsaid,
                                            .span = node != NULL ? node->span : path->span,
                                            .resource = table->name,
                                            .arguments = {table->path, slice_of(names[found])}});
}

/* As many rows as a sheet of Excel has, before and since 2007. */
static void check_sheet(const struct table_reader *reader)
{
    const struct table *table = reader->table;
    int64_t last = table->row_count > 0 ? table->row_numbers[table->row_count - 1] : 0;
    if (last != 65536 && last != 1048576) {
        return;
    }
    struct span span = table->row_spans[table->row_count - 1];
    cell_report(
        reader->diag,
        &(struct cell_report){
            .code = CODE_csv_sheet_full,
            .place = {.table = table, .row_number = last, .start = span.start, .end = span.end},
            .field = -1,
            .arguments = {wording_of(arena_format(reader->arena, "%lld", (long long)last))}});
}

void table_check_counts(const struct table_reader *reader)
{
    if (!reader->table->lacks_rows) {
        check_sheet(reader);
    }
    check_count(reader, CODE_register_fields, "fields", reader->field_count);
    if (!reader->table->lacks_rows) {
        check_count(reader, CODE_register_rows, "rows", reader->table->row_count);
    }
}

void table_check_file(const struct table_reader *reader, const struct decoding *decoding)
{
    if (reader->plan->path_count == 1) {
        check_bytes(reader);
        /* A site publishes its own description; a file alone has none. */
        if (reader->site->is_package && !reader->site->trusts_paths) {
            check_encoding(reader, decoding);
        }
    }
    if (decoding->line_end != LINE_END_CR && decoding->line_end != LINE_END_MIXED) {
        return;
    }
    enum line_end line_end = csv_line_end(reader->table->source, &reader->table->dialect);
    bool is_alone = line_end == LINE_END_CR;
    if (is_alone && reader->plan->ends_with_return) {
        return;
    }
    if (is_alone || line_end == LINE_END_MIXED) {
        cell_report(
            reader->diag,
            &(struct cell_report){
                .code = CODE_csv_line_ends,
                .place = {.table = reader->table},
                .field = -1,
                .arguments = {{{is_alone ? SLICE("CR だけ") : SLICE("混ざった形"),
                                is_alone ? SLICE("CR alone") : SLICE("different signs")}}}});
    }
}
