#include "registers.h"

#include <stdlib.h>

/* Tables tied together: code lists, references, foreign keys; every cell is looked up. */

struct linking {
    struct site *site;
    struct arena *arena;
    struct diag *diag;
    struct pool *pool;
    struct describing describing;
    int *guesses; /* looks for a nearest value that may still be made */
};

/* Looking for what was meant goes through a whole table; a file that is wrong everywhere must not
 * make it endless. */
enum { GUESSES_MOST = 500, ROWS_MOST = 20000 };

/* Whether the descriptor has a resource of the name, which then was refused with a finding of its
 * own; or one that was refused for its name, which then may have been meant. */
static bool is_refused(const struct site *site, struct slice name)
{
    const struct node *resources = node_get(site->package, "resources");
    for (const struct node *one = resources->first; one != NULL; one = one->next) {
        const struct node *named = node_get(one, "name");
        if (named == NULL || named->kind != NODE_SCALAR) {
            continue;
        }
        bool is_meant = slice_equal(named->text, name) || !describe_is_name(named->text);
        if (is_meant && site_table(site, named->text) == NULL) {
            return true;
        }
    }
    return false;
}

/* The nearest of the tables' names, or all of the right kind. */
static void report_unknown_table(const struct linking *linking, const struct node *node,
                                 bool codelists)
{
    const struct site *site = linking->site;
    if (is_refused(site, node->text)) {
        return;
    }
    struct slice *names = ARENA_ARRAY(linking->arena, struct slice, site->table_count);
    ptrdiff_t count = 0;
    struct slice all = SLICE("");
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        if (site->tables[i].is_codelist == codelists) {
            names[count] = site->tables[i].name;
            all = ARENA_JOIN(linking->arena, all, slice_of(count > 0 ? ", " : ""), names[count]);
            count++;
        }
    }
    struct slice nearest = nearest_name(node->text, names, count);
    DIAG(linking->diag, codelists ? CODE_register_unknown_codelist : CODE_register_unknown_resource,
         node->span, node->text, nearest.data != NULL ? nearest : all);
}

/* ---- Columns ---- */

static void link_codelist(const struct linking *linking, struct column *column)
{
    const struct node *name =
        expect_text(&linking->describing, column->descriptor, "kyodo:codelist");
    if (name == NULL) {
        return;
    }
    column->codelist = site_codelist(linking->site, name->text);
    if (column->codelist == NULL) {
        report_unknown_table(linking, name, true);
    }
}

static void link_unit(const struct linking *linking, struct column *column)
{
    const struct node *unit = node_get(column->descriptor, "kyodo:unit");
    if (unit == NULL || unit->kind != NODE_SCALAR) {
        return;
    }
    const struct codelist *units = site_codelist(linking->site, SLICE("measure-units"));
    const struct code_entry *code = units != NULL ? codelist_find(units, unit->text) : NULL;
    if (code == NULL) {
        DIAG(linking->diag, CODE_register_unknown_unit, unit->span, unit->text);
        return;
    }
    for (int i = 0; i < linking->site->language_count; i++) {
        column->unit[i] = code_label(code, i);
    }
}

const struct table *referenced_table(const struct site *site, const struct table *self,
                                     const struct node *name)
{
    if (name == NULL || name->text.length == 0) {
        return self;
    }
    const struct table *table = site_table(site, name->text);
    return table == NULL && slice_equal(name->text, SLICE("self")) ? self : table;
}

static const struct table *find_referenced(const struct linking *linking, const struct table *self,
                                           const struct node *reference)
{
    const struct node *name = expect_text(&linking->describing, reference, "resource");
    const struct table *table = referenced_table(linking->site, self, name);
    if (table == NULL) {
        report_unknown_table(linking, name, false);
    }
    return table;
}

static void set_reference(struct column *column, const struct table *table, int index)
{
    column->reference_table = table->name;
    column->reference_column = table->columns[index].name;
    column->referenced = table;
}

/* `kyodo:references`: each part of a cell is the key of a row. */
static void link_references(const struct linking *linking, const struct table *table,
                            struct column *column)
{
    const struct node *references =
        expect_mapping(&linking->describing, column->descriptor, "kyodo:references");
    const struct table *target =
        references != NULL ? find_referenced(linking, table, references) : NULL;
    if (target == NULL) {
        return;
    }
    if (target->key_column < 0) {
        DIAG(linking->diag, CODE_register_no_key, references->span, target->name);
        return;
    }
    set_reference(column, target, target->key_column);
}

/* ---- Cells ---- */

static struct record_place place_of(const struct table *table, ptrdiff_t row)
{
    return (struct record_place){.table = table,
                                 .row_number = table->row_numbers[row],
                                 .start = table->row_spans[row].start,
                                 .end = table->row_spans[row].end};
}

/* What may have been meant by an unknown code: the nearest, the one of that name, else the list. */
static struct slice nearest_codes(const struct linking *linking, const struct codelist *list,
                                  struct slice code)
{
    if (*linking->guesses <= 0) {
        return SLICE("…");
    }
    (*linking->guesses)--;
    struct slice *names = ARENA_ARRAY(linking->arena, struct slice, list->count);
    struct slice all = SLICE("");
    for (ptrdiff_t i = 0; i < list->count; i++) {
        names[i] = list->codes[i].code;
        for (int language = 0; language < linking->site->language_count; language++) {
            if (slice_equal(list->codes[i].labels[language], code)) {
                return names[i];
            }
        }
        if (i < 20) {
            all = ARENA_JOIN(linking->arena, all, slice_of(i > 0 ? ", " : ""), names[i]);
        }
    }
    struct slice nearest = nearest_name(code, names, list->count);
    return nearest.data != NULL ? nearest
           : list->count > 20   ? ARENA_JOIN(linking->arena, all, SLICE(" …"))
                                : all;
}

static struct slice nearest_key(const struct linking *linking, const struct table *table,
                                struct slice key)
{
    if (*linking->guesses <= 0 || table->row_count > ROWS_MOST ||
        table->columns[table->key_column].is_private) {
        return SLICE("");
    }
    (*linking->guesses)--;
    struct slice *names = ARENA_ARRAY(linking->arena, struct slice, table->row_count);
    for (ptrdiff_t i = 0; i < table->row_count; i++) {
        names[i] = table_cell(table, i, table->key_column);
    }
    return nearest_name(key, names, table->row_count);
}

static bool is_known(const struct column *column, struct slice part);

/* What was meant by a part of a list that holds other marks than the delimiter, as Japanese writes
 * them: the same with the delimiter, when each piece is then known; {NULL, 0} otherwise. */
static struct slice with_delimiter(const struct linking *linking, const struct column *column,
                                   struct slice part)
{
    static const char *const marks[] = {"；", "、", "，", "・", ",", ";", "/", " "};
    struct slice delimiter = slice_make(&column->delimiter, 1);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        struct slice mark = slice_of(marks[i]);
        struct slice meant = SLICE("");
        struct slice rest = part;
        bool is_good = slice_find(part, mark, 0) >= 0;
        while (is_good && rest.data != NULL) {
            ptrdiff_t end = slice_find(rest, mark, 0);
            struct slice piece = slice_trim_wide(slice_sub(rest, 0, end < 0 ? rest.length : end));
            is_good = piece.length > 0 && is_known(column, piece);
            meant =
                ARENA_JOIN(linking->arena, meant, meant.length > 0 ? delimiter : SLICE(""), piece);
            rest = end >= 0 ? slice_from(rest, end + mark.length) : (struct slice){0};
        }
        if (is_good) {
            return meant;
        }
    }
    return (struct slice){0};
}

static void report_part(const struct linking *linking, const struct table *table, ptrdiff_t row,
                        const struct column *column, struct slice part)
{
    bool is_code = column->codelist != NULL;
    const struct node *node =
        node_get(column->descriptor, is_code ? "kyodo:codelist" : "kyodo:references");
    bool may_tell = column->type == COLUMN_LIST && !column->is_private;
    struct slice apart = may_tell ? with_delimiter(linking, column, part) : (struct slice){0};
    if (apart.length > 0) {
        cell_report(linking->diag, &(struct cell_report){
                                       .code = CODE_csv_list_delimiter,
                                       .place = place_of(table, row),
                                       .field = column->field,
                                       .arguments = {cell_shown(column, part, linking->arena),
                                                     wording_of(slice_make(&column->delimiter, 1)),
                                                     wording_of(apart)}});
        return;
    }
    struct slice meant = is_code ? nearest_codes(linking, column->codelist, part)
                                 : nearest_key(linking, column->referenced, part);
    struct cell_report report = {
        .code = is_code            ? CODE_csv_unknown_code
                : meant.length > 0 ? CODE_csv_reference_near
                                   : CODE_csv_reference,
        .place = place_of(table, row),
        .field = column->field,
        .arguments = {cell_shown(column, part, linking->arena),
                      wording_of(is_code ? column->codelist->name : column->referenced->name),
                      wording_of(meant)},
    };
    if (node != NULL) {
        report.note_count = 1;
        report.notes[0] = (struct report_note){.code = CODE_see_constraint,
                                               .span = node->span,
                                               .arguments = {column->name, node->key}};
    }
    cell_report(linking->diag, &report);
}

static bool is_known(const struct column *column, struct slice part)
{
    bool is_code = column->codelist != NULL;
    return (is_code ? codelist_find(column->codelist, part) != NULL
                    : table_row_by_key(column->referenced, part) >= 0) ||
           table_may_hold(is_code ? column->codelist->table : column->referenced, part);
}

struct foreign_key;

/* ---- Looking up, a block of rows at a time ---- */

enum { ROW_BLOCK = 8192 };

/* Threads only mark the rows in which something is not found; what is said about them is worked out
 * afterwards, in their order. */
struct look_up {
    const struct table *table;
    int column;                    /* or */
    const struct foreign_key *key; /* not NULL */
    bool *is_lost;                 /* one a row */
};

/* Every part of a list, or the value. */
static bool has_lost_part(const struct column *column, struct slice rest)
{
    while (rest.length > 0) {
        struct slice part =
            column->type == COLUMN_LIST ? slice_cut(&rest, column->delimiter) : rest;
        if (part.length > 0 && !is_known(column, part)) {
            return true;
        }
        rest = column->type == COLUMN_LIST ? rest : SLICE("");
    }
    return false;
}

static bool is_row_lost(const struct look_up *look_up, ptrdiff_t row);

static void look_up_block(void *context, ptrdiff_t block, int worker)
{
    (void)worker;
    const struct look_up *look_up = context;
    ptrdiff_t end = (block + 1) * ROW_BLOCK;
    end = end < look_up->table->row_count ? end : look_up->table->row_count;
    for (ptrdiff_t row = block * ROW_BLOCK; row < end; row++) {
        look_up->is_lost[row] = is_row_lost(look_up, row);
    }
}

/* Freed by the caller. */
static bool *look_up_all(const struct linking *linking, struct look_up *look_up)
{
    look_up->is_lost = calloc((size_t)look_up->table->row_count + 1, sizeof(bool));
    if (look_up->is_lost == NULL) {
        memory_exhausted(look_up->table->row_count);
    }
    pool_run(linking->pool, (look_up->table->row_count + ROW_BLOCK - 1) / ROW_BLOCK, look_up_block,
             look_up);
    return look_up->is_lost;
}

/* Codes of code lists, and keys by `kyodo:references`, which stand alone or in lists. */
static void check_column(const struct linking *linking, const struct table *table, int index)
{
    const struct column *column = &table->columns[index];
    bool *is_lost =
        look_up_all(linking, &(struct look_up){.table = table, .column = index, .key = NULL});
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct slice rest = is_lost[row] ? table_cell(table, row, index) : SLICE("");
        while (rest.length > 0) {
            struct slice part =
                column->type == COLUMN_LIST ? slice_cut(&rest, column->delimiter) : rest;
            if (part.length > 0 && !is_known(column, part)) {
                report_part(linking, table, row, column, part);
            }
            rest = column->type == COLUMN_LIST ? rest : SLICE("");
        }
    }
    free(is_lost);
}

/* ---- Foreign keys ---- */

struct foreign_key {
    const struct node *node;
    const struct table *target;
    int *columns;
    int *target_columns;
    int count;
    bool is_target_key; /* the target's single-column key, for which it has an index */
    const struct key_index *targets;
};

/* Names of columns, as a text (v1) or a list. */
static int read_columns(const struct linking *linking, const struct table *table,
                        const struct node *owner, int **columns)
{
    const struct node *node = node_get(owner, "fields");
    if (node == NULL) {
        DIAG(linking->diag, CODE_register_missing_member, owner->span, SLICE("fields"));
        return 0;
    }
    *columns = ARENA_ARRAY(linking->arena, int, node->count + 1);
    int count = 0;
    bool is_list = node->kind == NODE_SEQUENCE;
    for (const struct node *name = is_list ? node->first : node; name != NULL;
         name = is_list ? name->next : NULL) {
        int column = name->kind == NODE_SCALAR ? table_column_by_name(table, name->text) : -1;
        if (column < 0) {
            report_unknown_column(&linking->describing, table, name);
            return 0;
        }
        (*columns)[count++] = column;
    }
    return count;
}

static bool read_foreign_key(const struct linking *linking, const struct table *table,
                             const struct node *node, struct foreign_key *key)
{
    *key = (struct foreign_key){.node = node};
    const struct node *reference = expect_mapping(&linking->describing, node, "reference");
    if (reference == NULL) {
        if (node_get(node, "reference") == NULL) {
            DIAG(linking->diag, CODE_register_missing_member, node->span, SLICE("reference"));
        }
        return false;
    }
    key->target = find_referenced(linking, table, reference);
    key->count = read_columns(linking, table, node, &key->columns);
    if (key->target == NULL || key->count == 0) {
        return false;
    }
    int count = read_columns(linking, key->target, reference, &key->target_columns);
    if (count != key->count || count > KEY_COLUMNS_MOST) {
        if (count > 0) {
            DIAG(linking->diag, CODE_register_foreign_key_width, node->span, SLICE(""));
        }
        return false;
    }
    key->is_target_key = count == 1 && key->target_columns[0] == key->target->key_column;
    return true;
}

static void report_foreign_key(const struct linking *linking, const struct table *table,
                               ptrdiff_t row, const struct foreign_key *key)
{
    const struct column *column = &table->columns[key->columns[0]];
    struct slice shown = SLICE("");
    bool is_private = false;
    for (int i = 0; i < key->count; i++) {
        is_private = is_private || table->columns[key->columns[i]].is_private;
        shown = ARENA_JOIN(linking->arena, shown, slice_of(i > 0 ? ", " : ""),
                           table_cell(table, row, key->columns[i]));
    }
    struct slice meant =
        key->is_target_key && !is_private ? nearest_key(linking, key->target, shown) : SLICE("");
    const struct column hidden = {.is_private = is_private};
    cell_report(linking->diag,
                &(struct cell_report){
                    .code = meant.length > 0 ? CODE_csv_reference_near : CODE_csv_reference,
                    .place = place_of(table, row),
                    .field = column->field,
                    .arguments = {cell_shown(&hidden, shown, linking->arena),
                                  wording_of(key->target->name), wording_of(meant)},
                    .note_count = 1,
                    .notes = {{.code = CODE_see_constraint,
                               .span = node_get(key->node, "reference")->span,
                               .arguments = {column->name, SLICE("foreignKeys")}}}});
}

static bool is_row_lost(const struct look_up *look_up, ptrdiff_t row)
{
    const struct foreign_key *key = look_up->key;
    if (key == NULL) {
        return has_lost_part(&look_up->table->columns[look_up->column],
                             table_cell(look_up->table, row, look_up->column));
    }
    struct slice values[KEY_COLUMNS_MOST] = {0};
    for (int i = 0; i < key->count; i++) {
        values[i] = table_cell(look_up->table, row, key->columns[i]);
        if (values[i].length == 0) {
            return false; /* nothing to look up */
        }
    }
    return key_index_find(key->targets, values) < 0 &&
           (key->is_target_key || !key->target->lacks_rows) &&
           !table_may_hold(key->target, values[0]);
}

static void check_foreign_key(const struct linking *linking, const struct table *table,
                              struct foreign_key *key)
{
    key->targets = key->is_target_key
                       ? key->target->rows_by_key
                       : key_index_build(key->target, key->target_columns, key->count,
                                         linking->pool, linking->arena, NULL, NULL);
    bool *is_lost = look_up_all(linking, &(struct look_up){.table = table, .key = key});
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        if (is_lost[row]) {
            report_foreign_key(linking, table, row, key);
        }
    }
    free(is_lost);
}

static void link_foreign_keys(const struct linking *linking, struct table *table)
{
    const struct node *schema = table->schema;
    const struct node *list = expect_list(&linking->describing, schema, "foreignKeys");
    for (const struct node *node = list != NULL ? list->first : NULL; node != NULL;
         node = node->next) {
        struct foreign_key key;
        if (!read_foreign_key(linking, table, node, &key)) {
            continue;
        }
        if (key.is_target_key) {
            set_reference(&table->columns[key.columns[0]], key.target, key.target_columns[0]);
        }
        if (key.target->is_read) {
            check_foreign_key(linking, table, &key);
        }
    }
}

void registers_link(struct site *site, struct pool *pool, struct diag *diag)
{
    int guesses = GUESSES_MOST;
    struct linking linking = {
        .site = site, .arena = &site->arena, .diag = diag, .pool = pool, .guesses = &guesses};
    linking.describing = (struct describing){.site = site, .arena = &site->arena, .diag = diag};
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        struct table *table = &site->tables[i];
        for (int c = 0; c < table->column_count; c++) {
            struct column *column = &table->columns[c];
            link_codelist(&linking, column);
            link_unit(&linking, column);
            link_references(&linking, table, column);
            const struct table *target =
                column->codelist != NULL ? column->codelist->table : column->referenced;
            /* What could not be read at all has had its finding. */
            if (target != NULL && target->is_read) {
                check_column(&linking, table, c);
            }
        }
        link_foreign_keys(&linking, table);
    }
}
