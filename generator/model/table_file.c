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

void table_check_counts(const struct table_reader *reader)
{
    check_count(reader, CODE_register_fields, "fields", reader->field_count);
    if (!reader->table->lacks_rows) {
        check_count(reader, CODE_register_rows, "rows", reader->table->row_count);
    }
}

void table_check_file(const struct table_reader *reader, const struct decoding *decoding)
{
    check_bytes(reader);
    if (decoding->line_end != LINE_END_CR && decoding->line_end != LINE_END_MIXED) {
        return;
    }
    enum line_end line_end = csv_line_end(reader->table->source, &reader->table->dialect);
    bool is_alone = line_end == LINE_END_CR;
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
