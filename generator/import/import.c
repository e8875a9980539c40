#include "import.h"

/* The whole way of an import, as far as it goes without looking at the rest of the site. */

static void run(struct import *import)
{
    if (!sheet_read(import)) {
        return;
    }
    answers_read(import);
    struct label_index *index = label_index_make(import->table, import->arena);
    if (!header_find(import, index)) {
        return;
    }
    mapping_make(import, index);
    if (diag_errors(import->diag) > 0) {
        answers_check_used(import, false);
        if (import->table->row_count == 0) {
            mapping_check_required(import); /* every record is new */
        }
        return; /* rows can't be told from notes while nobody knows what stands where */
    }
    rows_make(import);
    if (diag_errors(import->diag) == 0) {
        merge_rows(import);
        answers_check_used(import, true);
    }
}

void import_run(struct import *import, struct site *site, const struct table *table,
                const struct import_options *options, struct arena *arena, struct diag *diag)
{
    *import = (struct import){
        .site = site, .table = table, .options = options, .arena = arena, .diag = diag};
    import->reader = cell_reader_open(site, table, arena);
    run(import);
}

void import_release(struct import *import)
{
    cell_reader_close(import->reader);
    source_free(import->sheet.source);
    source_free(import->answers.source);
    tree_close(&import->tree);
    buffer_release(&import->text);
}
