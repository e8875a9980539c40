#include "registers.h"

/*
 * The text that a table is read from. Mostly it is a file's. A package by itself may also have a
 * table in several files, which are read as one, or its rows in JSON, in a file or in the
 * descriptor: then a text is made, and findings show the place that each part of it came from
 * (source_set_origins).
 */

struct making {
    struct site *site;
    struct table_plan *plan;
    struct diag *diag;
    struct buffer text;
    VECTOR(struct origin) origins;
    /* Of rows in the descriptor. */
    VECTOR(struct slice) labels; /* none: the columns in their order */
    int64_t row_number;
};

/* What is appended from now on was written at `at`. */
static void begin_origin(struct making *making, struct span at, bool is_verbatim)
{
    *VECTOR_PUSH(&making->site->arena, &making->origins) =
        (struct origin){.start = making->text.length, .at = at, .is_verbatim = is_verbatim};
}

/* A source of what was made; the text is the source's from now on. */
static struct source *made_source(struct making *making, struct slice path)
{
    struct source *source = source_new(path, (struct slice){0}, NULL, NULL);
    site_keep_source(making->site, source);
    source_adopt(source, making->text.data, making->text.length);
    source_set_origins(source, making->origins.data, making->origins.length);
    return source;
}

/* ---- Several files ---- */

/* Records from the top of a file down to the last of its header. */
struct top {
    struct arena *arena;
    int64_t wanted;
    VECTOR(struct slice) labels;
    ptrdiff_t end; /* behind the last of them */
};

static bool take_label_row(void *context, const struct csv_row *row)
{
    struct top *top = context;
    for (ptrdiff_t i = 0; i < row->field_count; i++) {
        *VECTOR_PUSH(top->arena, &top->labels) = arena_copy(top->arena, row->fields[i]);
    }
    top->end = row->end;
    return row->row_number < top->wanted;
}

static struct top read_top(const struct making *making, struct source *source)
{
    const struct table_plan *plan = making->plan;
    struct top top = {.arena = &making->site->arena, .wanted = 1};
    if (plan->header_row_count > 0) {
        top.wanted = plan->header_rows[plan->header_row_count - 1];
    }
    struct diag *unheard = diag_new(1);
    (void)csv_read(source, &plan->table->dialect, take_label_row, &top, unheard);
    diag_free(unheard);
    struct slice text = source_text(source);
    bool has_return = top.end < text.length && text.data[top.end] == '\r';
    top.end += has_return ? 1 : 0;
    top.end += top.end < text.length && text.data[top.end] == '\n' ? 1 : 0;
    return top;
}

static ptrdiff_t count_same_labels(const struct top *a, const struct top *b)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < a->labels.length && i < b->labels.length; i++) {
        count += slice_equal(a->labels.data[i], b->labels.data[i]) ? 1 : 0;
    }
    return count;
}

/* Where the rows of a later file begin: behind its header when that is the first file's, else at
 * its top. Names of which only some are the same are another header. */
static ptrdiff_t rows_start(const struct making *making, const struct top *first,
                            struct source *source)
{
    struct top top = read_top(making, source);
    ptrdiff_t same = count_same_labels(first, &top);
    if (same == first->labels.length && same == top.labels.length) {
        return top.end;
    }
    if (same > 0 && same * 2 >= first->labels.length) {
        diag_add(making->diag, &(struct report){.code = CODE_register_other_header,
                                                .span = span_make(source, 0, top.end),
                                                .resource = making->plan->table->name,
                                                .arguments = {making->plan->paths[0]}});
        return top.end;
    }
    return 0;
}

/* Whether the line ends of one file deserve a finding. */
static bool is_odd(enum line_end line_end)
{
    return line_end == LINE_END_CR || line_end == LINE_END_MIXED;
}

static bool append_file(struct making *making, struct slice path, struct pool *pool,
                        struct decoding *decoding, struct top *first)
{
    struct decoding own;
    struct source *source = tree_read_table(making->site->tree, path, pool, &own, making->diag);
    if (source == NULL) {
        return false;
    }
    site_keep_source(making->site, source);
    table_check_certain(making->plan->table, source, &own, making->diag);
    struct slice text = source_text(source);
    bool is_first = making->origins.length == 0;
    ptrdiff_t start = 0;
    if (is_first) {
        *decoding = own;
        *first = read_top(making, source);
    } else if (making->plan->has_header) {
        start = rows_start(making, first, source);
    }
    decoding->line_end = is_odd(own.line_end) ? own.line_end : decoding->line_end;
    if (making->text.length + text.length > LOAD_LIMIT_REGISTER) {
        DIAG(making->diag, CODE_file_too_large, span_of_file(source), SLICE("> 2097152000"),
             SLICE("2097152000"));
        return false;
    }
    begin_origin(making, span_make(source, start, text.length), true);
    buffer_append(&making->text, slice_from(text, start));
    bool is_ended = text.length == start || text.data[text.length - 1] == '\n' ||
                    text.data[text.length - 1] == '\r';
    if (!is_ended) {
        buffer_append_byte(&making->text, '\n');
    }
    source_drop(source);
    return true;
}

static struct source *join_files(struct making *making, struct pool *pool,
                                 struct decoding *decoding)
{
    struct top first = {0};
    for (ptrdiff_t i = 0; i < making->plan->path_count; i++) {
        if (!append_file(making, making->plan->paths[i], pool, decoding, &first)) {
            buffer_release(&making->text);
            return NULL;
        }
    }
    return made_source(making, making->plan->paths[0]);
}

/* ---- Rows in JSON: in the descriptor or in a file ---- */

static bool is_null(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->scalar == SCALAR_NULL;
}

/* The column of the row's cell `index`, or -1. */
static int column_of_cell(const struct making *making, ptrdiff_t index)
{
    const struct table *table = making->plan->table;
    if (making->labels.length == 0) {
        return index < table->column_count ? (int)index : -1;
    }
    return index < making->labels.length ? table_column_by_name(table, making->labels.data[index])
                                         : -1;
}

/* A value of JSON as the column's cells are written. */
static struct slice cell_text(const struct making *making, const struct node *node, int column)
{
    const struct column_rules *rules = column >= 0 ? &making->plan->rules[column] : NULL;
    if (node->kind != NODE_SCALAR) {
        return span_text(node->span);
    }
    if (rules == NULL || node->scalar == SCALAR_TEXT) {
        return node->text;
    }
    if (node->scalar == SCALAR_BOOLEAN) {
        bool is_true = slice_equal(node->text, SLICE("true"));
        bool is_boolean = making->plan->table->columns[column].type == COLUMN_BOOLEAN;
        return !is_boolean ? node->text
               : is_true   ? rules->true_values.data[0]
                           : rules->false_values.data[0];
    }
    ptrdiff_t point = slice_find_byte(node->text, '.', 0);
    return point < 0 ? node->text
                     : ARENA_JOIN(&making->site->arena, slice_sub(node->text, 0, point),
                                  rules->decimal, slice_from(node->text, point + 1));
}

static void append_cell(struct making *making, struct slice text, struct span at, bool is_first)
{
    if (!is_first) {
        buffer_append_byte(&making->text, ',');
    }
    begin_origin(making, at, false);
    buffer_append_byte(&making->text, '"');
    for (ptrdiff_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"') {
            buffer_append_byte(&making->text, '"');
        }
        buffer_append_byte(&making->text, text.data[i]);
    }
    buffer_append_byte(&making->text, '"');
}

/* JSON tells texts from numbers, and so do the columns of texts. */
static void check_native(const struct making *making, const struct node *cell, ptrdiff_t index,
                         int column)
{
    const struct table_plan *plan = making->plan;
    bool is_written_as_text = cell->kind == NODE_SCALAR && cell->scalar == SCALAR_TEXT;
    if (column >= 0 && !is_written_as_text && plan->rules[column].has_type &&
        plan->table->columns[column].type == COLUMN_STRING) {
        diag_add(making->diag, &(struct report){.code = CODE_register_native_value,
                                                .span = cell->span,
                                                .resource = plan->table->name,
                                                .row_number = making->row_number,
                                                .field_number = index + 1,
                                                .arguments = {plan->table->columns[column].name}});
    }
}

static bool is_empty(const struct node *cell)
{
    return cell == NULL || is_null(cell) || (cell->kind == NODE_SCALAR && cell->text.length == 0);
}

/* A row of the text from `cells`, NULL where there is no value. */
static void append_row(struct making *making, const struct node *row,
                       const struct node *const *cells, ptrdiff_t count)
{
    bool is_blank = true;
    for (ptrdiff_t i = 0; i < count; i++) {
        is_blank = is_blank && is_empty(cells[i]);
    }
    making->row_number++;
    if (is_blank) {
        begin_origin(making, row->span, false);
    }
    for (ptrdiff_t i = 0; i < count && !is_blank; i++) {
        int column = column_of_cell(making, i);
        struct slice text = making->plan->null_sequence;
        if (cells[i] != NULL && !is_null(cells[i])) {
            check_native(making, cells[i], i, column);
            text = cell_text(making, cells[i], column);
        }
        append_cell(making, text, cells[i] != NULL ? cells[i]->span : row->span, i == 0);
    }
    buffer_append_byte(&making->text, '\n');
}

static ptrdiff_t find_label(const struct making *making, struct slice label)
{
    for (ptrdiff_t i = 0; i < making->labels.length; i++) {
        if (slice_equal(making->labels.data[i], label)) {
            return i;
        }
    }
    return -1;
}

static void add_label(struct making *making, struct slice name, struct span at)
{
    append_cell(making, name, at, making->labels.length == 0);
    *VECTOR_PUSH(&making->site->arena, &making->labels) = name;
}

/* The member that first has the key; NULL when no row has. */
static const struct node *find_member(const struct node *rows, struct slice key)
{
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        for (const struct node *member = row->first; member != NULL; member = member->next) {
            if (slice_equal(member->key, key)) {
                return member;
            }
        }
    }
    return NULL;
}

/* Objects have no order: the columns of the schema come first, in its order. */
static void append_labels(struct making *making, const struct node *rows)
{
    const struct table *table = making->plan->table;
    for (ptrdiff_t i = 0; i < table->column_count; i++) {
        const struct node *member = find_member(rows, table->columns[i].name);
        if (member != NULL) {
            add_label(making, member->key, member->key_span);
        }
    }
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        for (const struct node *member = row->first; member != NULL; member = member->next) {
            if (find_label(making, member->key) < 0) {
                add_label(making, member->key, member->key_span);
            }
        }
    }
    buffer_append_byte(&making->text, '\n');
    making->row_number++;
}

static void append_objects(struct making *making, const struct node *rows)
{
    append_labels(making, rows);
    const struct node **cells =
        ARENA_ARRAY(&making->site->arena, const struct node *, making->labels.length + 1);
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        for (ptrdiff_t i = 0; i < making->labels.length; i++) {
            cells[i] = NULL;
        }
        for (const struct node *member = row->first; member != NULL; member = member->next) {
            cells[find_label(making, member->key)] = member;
        }
        append_row(making, row, cells, making->labels.length);
    }
}

static void append_lists(struct making *making, const struct node *rows)
{
    const struct node *row = rows->first;
    if (making->plan->has_header && row != NULL) {
        for (const struct node *cell = row->first; cell != NULL; cell = cell->next) {
            add_label(making, is_null(cell) ? SLICE("") : cell->text, cell->span);
        }
        buffer_append_byte(&making->text, '\n');
        making->row_number++;
        row = row->next;
    }
    for (; row != NULL; row = row->next) {
        const struct node **cells =
            ARENA_ARRAY(&making->site->arena, const struct node *, row->count + 1);
        ptrdiff_t count = 0;
        for (const struct node *cell = row->first; cell != NULL; cell = cell->next) {
            cells[count++] = cell;
        }
        append_row(making, row, cells, count);
    }
}

static struct source *write_rows(struct making *making)
{
    struct table_plan *plan = making->plan;
    const struct node *data = plan->data;
    bool is_text = data->kind == NODE_SCALAR;
    bool is_keyed = !is_text && data->first != NULL && data->first->kind == NODE_MAPPING;
    (void)buffer_reserve(&making->text, 1);
    if (is_text) {
        begin_origin(making, data->span, false);
        buffer_append(&making->text, data->text);
        return made_source(making, plan->table->path);
    }
    csv_dialect_default(&plan->table->dialect);
    /* No value is told from a text without characters; where nobody says what a cell must be, that
     * is of no use. */
    plan->null_sequence = plan->has_schema ? SLICE("\xEF\xBF\xBF") : SLICE("");
    plan->header_row_count = 0;
    if (is_keyed) {
        plan->has_header = true;
        append_objects(making, data);
    } else {
        append_lists(making, data);
    }
    if (making->origins.length == 0) {
        begin_origin(making, data->span, false);
    }
    return made_source(making, plan->table->path);
}

/* ---- Any table ---- */

struct source *table_open(struct site *site, struct table_plan *plan, struct pool *pool,
                          struct decoding *decoding, struct diag *diag)
{
    struct making making = {.site = site, .plan = plan, .diag = diag};
    *decoding = (struct decoding){.is_certain = true};
    if (table_has_private(plan->table)) {
        for (ptrdiff_t i = 0; i < plan->path_count; i++) {
            diag_hide(diag, plan->paths[i]);
        }
    }
    if (plan->data != NULL) {
        return write_rows(&making);
    }
    if (plan->path_count > 1) {
        return join_files(&making, pool, decoding);
    }
    struct source *source =
        plan->path_count == 1 ? tree_read_table(site->tree, plan->table->path, pool, decoding, diag)
                              : NULL;
    if (source != NULL) {
        site_keep_source(site, source);
        table_check_certain(plan->table, source, decoding, diag);
    }
    return source;
}
