#include "registers.h"

#include <stdlib.h>

/* What is said of a file as a whole: its size and checksum, its line ends. */

static void report_file_of(const struct table_reader *reader, enum code code,
                           const struct node *node, struct slice found, struct slice wanted)
{
    diag_add(reader->diag, &(struct report){.code = code,
                                            .span = node->span,
                                            .resource = reader->table->name,
                                            .arguments = {found, wanted}});
}

static void check_hash(const struct table_reader *reader, const struct node *hash,
                       struct slice bytes)
{
    /* Others than SHA-256 may stand there; they are not judged. */
    if (!slice_starts_with(hash->text, SLICE("sha256:"))) {
        return;
    }
    struct sha256 digest = sha256_of(bytes);
    struct slice found = sha256_hex(reader->arena, &digest);
    if (!slice_equal_ignoring_ascii_case(found, slice_from(hash->text, 7))) {
        report_file_of(reader, CODE_register_hash, hash, found, SLICE(""));
    }
}

static void check_bytes(const struct table_reader *reader, const struct node *hash,
                        const struct node *size)
{
    char *bytes;
    int64_t length;
    if (!tree_read_bytes(reader->site->tree, reader->table->path, LOAD_LIMIT_REGISTER, &bytes,
                         &length, reader->diag)) {
        return;
    }
    int64_t wanted;
    if (size != NULL && slice_to_integer(size->text, &wanted) && wanted != length) {
        report_file_of(reader, CODE_register_bytes, size,
                       arena_format(reader->arena, "%lld", (long long)length), size->text);
    }
    if (hash != NULL) {
        check_hash(reader, hash, slice_make(bytes, (ptrdiff_t)length));
    }
    free(bytes);
}

void table_check_file(const struct table_reader *reader, const struct decoding *decoding)
{
    const struct table *table = reader->table;
    const struct node *hash = node_get(table->descriptor, "hash");
    const struct node *size = node_get(table->descriptor, "bytes");
    if (hash != NULL || size != NULL) {
        check_bytes(reader, hash, size);
    }
    bool is_alone = decoding->line_end == LINE_END_CR;
    if (is_alone || decoding->line_end == LINE_END_MIXED) {
        cell_report(
            reader->diag,
            &(struct cell_report){
                .code = CODE_csv_line_ends,
                .place = {.table = table},
                .field = -1,
                .arguments = {{{is_alone ? SLICE("CR だけ") : SLICE("混ざった形"),
                                is_alone ? SLICE("CR alone") : SLICE("different signs")}}}});
    }
}
