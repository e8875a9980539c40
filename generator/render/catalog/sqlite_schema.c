#include "sqlite_schema.h"

static void put_name(struct buffer *sql, struct slice name)
{
    buffer_append_byte(sql, '"');
    for (ptrdiff_t i = 0; i < name.length; i++) {
        if (name.data[i] == '"') {
            buffer_append_byte(sql, '"');
        }
        buffer_append_byte(sql, name.data[i]);
    }
    buffer_append_byte(sql, '"');
}

static const char *type_of(enum column_type type, bool is_wide)
{
    switch (type) {
    case COLUMN_INTEGER:
    case COLUMN_YEAR:
        return is_wide ? "TEXT" : "INTEGER";
    case COLUMN_BOOLEAN:
        return "INTEGER";
    case COLUMN_NUMBER:
        return "REAL";
    default:
        return "TEXT";
    }
}

static void put_column(const struct dataset_column *column, bool is_wide, struct buffer *sql)
{
    buffer_append_literal(sql, "  ");
    put_name(sql, column->name);
    buffer_append_byte(sql, ' ');
    buffer_append(sql, slice_of(type_of(column->type, is_wide)));
    if (column->is_required) {
        buffer_append_literal(sql, " NOT NULL");
    }
    if (column->type == COLUMN_BOOLEAN) {
        buffer_append_literal(sql, " CHECK (");
        put_name(sql, column->name);
        buffer_append_literal(sql, " IN (0, 1))");
    }
}

/* ---- Keys ---- */

static const struct node *first_name(const struct node *names)
{
    return names != NULL && names->kind == NODE_SEQUENCE ? names->first : names;
}

static const struct node *next_name(const struct node *names, const struct node *name)
{
    return names->kind == NODE_SEQUENCE ? name->next : NULL;
}

static bool is_public(const struct table *table, const struct node *names)
{
    for (const struct node *name = first_name(names); name != NULL; name = next_name(names, name)) {
        int column = table_column_by_name(table, name->text);
        if (column < 0 || table->columns[column].is_private) {
            return false;
        }
    }
    return first_name(names) != NULL;
}

static bool is_same(const struct node *one, const struct node *other)
{
    const struct node *a = first_name(one);
    const struct node *b = first_name(other);
    while (a != NULL && b != NULL && slice_equal(a->text, b->text)) {
        a = next_name(one, a);
        b = next_name(other, b);
    }
    return a == NULL && b == NULL;
}

static void put_names(const struct node *names, struct buffer *sql)
{
    const char *before = "(";
    for (const struct node *name = first_name(names); name != NULL; name = next_name(names, name)) {
        buffer_append(sql, slice_of(before));
        put_name(sql, name->text);
        before = ", ";
    }
    buffer_append_byte(sql, ')');
}

static void put_primary_key(const struct dataset *dataset, struct buffer *sql)
{
    const struct table *table = dataset->table;
    const struct node *names = table != NULL ? node_get(table->schema, "primaryKey") : NULL;
    int key = dataset_key(dataset);
    if (names != NULL && is_public(table, names)) {
        buffer_append_literal(sql, ",\n  PRIMARY KEY ");
        put_names(names, sql);
    } else if (key >= 0) {
        buffer_append_literal(sql, ",\n  PRIMARY KEY (");
        put_name(sql, dataset->columns[key].name);
        buffer_append_byte(sql, ')');
    }
}

/* The key of a table that cells can point at, or -1. */
static int public_key(const struct table *table)
{
    bool is_there =
        table != NULL && table->key_column >= 0 && !table->columns[table->key_column].is_private;
    return is_there ? table->key_column : -1;
}

/* Cells that hold one code or one key of another table. */
static void put_reference(const struct dataset_column *column, struct buffer *sql)
{
    const struct table *target = column->codelist != NULL ? column->codelist->table
                                 : column->of != NULL     ? column->of->referenced
                                                          : NULL;
    int key = public_key(target);
    if (key < 0 || column->is_original || column->type == COLUMN_LIST ||
        (column->codelist == NULL &&
         !slice_equal(column->of->reference_column, target->columns[key].name))) {
        return;
    }
    buffer_append_literal(sql, ",\n  FOREIGN KEY (");
    put_name(sql, column->name);
    buffer_append_literal(sql, ") REFERENCES ");
    put_name(sql, target->name);
    buffer_append_literal(sql, " (");
    put_name(sql, target->columns[key].name);
    buffer_append_byte(sql, ')');
}

/* Foreign keys of several columns that are another table's primary key. */
static void put_wide_references(const struct dataset *dataset, struct buffer *sql)
{
    const struct table *table = dataset->table;
    const struct node *keys = table != NULL ? node_get(table->schema, "foreignKeys") : NULL;
    for (const struct node *key = keys != NULL ? keys->first : NULL; key != NULL; key = key->next) {
        const struct node *names = node_get(key, "fields");
        const struct node *reference = node_get(key, "reference");
        const struct node *resource = node_get(reference, "resource");
        const struct node *others = node_get(reference, "fields");
        const struct table *target = resource == NULL || resource->text.length == 0
                                         ? table
                                         : site_table(dataset->site, resource->text);
        bool is_wide = names != NULL && names->kind == NODE_SEQUENCE && names->count > 1;
        if (!is_wide || target == NULL || !is_public(table, names) || !is_public(target, others) ||
            !is_same(others, node_get(target->schema, "primaryKey"))) {
            continue;
        }
        buffer_append_literal(sql, ",\n  FOREIGN KEY ");
        put_names(names, sql);
        buffer_append_literal(sql, " REFERENCES ");
        put_name(sql, target->name);
        buffer_append_byte(sql, ' ');
        put_names(others, sql);
    }
}

void sqlite_table(const struct dataset *dataset, const bool *is_wide, struct buffer *sql)
{
    buffer_append_literal(sql, "CREATE TABLE ");
    put_name(sql, dataset->name);
    buffer_append_literal(sql, " (\n");
    for (int i = 0; i < dataset->column_count; i++) {
        buffer_append(sql, i > 0 ? SLICE(",\n") : SLICE(""));
        put_column(&dataset->columns[i], is_wide[i], sql);
    }
    put_primary_key(dataset, sql);
    for (int i = 0; i < dataset->column_count; i++) {
        put_reference(&dataset->columns[i], sql);
    }
    put_wide_references(dataset, sql);
    buffer_append_literal(sql, "\n) STRICT;\n");
}

/* ---- Our own ---- */

static void put_words(const struct site *site, const char *name, struct buffer *sql)
{
    struct buffer column;
    buffer_init(&column);
    for (int i = 0; i < site->language_count; i++) {
        buffer_clear(&column);
        buffer_append(&column, slice_of(name));
        buffer_append_byte(&column, '_');
        buffer_append(&column, site->languages[i].tag);
        buffer_append_literal(sql, ",\n  ");
        put_name(sql, buffer_slice(&column));
        buffer_append_literal(sql, " TEXT");
    }
    buffer_release(&column);
}

void sqlite_own_tables(const struct site *site, struct buffer *sql)
{
    buffer_append_literal(sql, "CREATE TABLE kyodo_datasets (\n"
                               "  name TEXT NOT NULL PRIMARY KEY,\n"
                               "  role TEXT NOT NULL,\n"
                               "  row_count INTEGER NOT NULL,\n"
                               "  updated TEXT,\n"
                               "  licence TEXT");
    put_words(site, "label", sql);
    put_words(site, "description", sql);
    buffer_append_literal(sql, "\n) STRICT;\n"
                               "CREATE TABLE kyodo_columns (\n"
                               "  dataset TEXT NOT NULL REFERENCES kyodo_datasets (name),\n"
                               "  position INTEGER NOT NULL,\n"
                               "  name TEXT NOT NULL,\n"
                               "  type TEXT NOT NULL,\n"
                               "  required INTEGER NOT NULL,\n"
                               "  codelist TEXT REFERENCES kyodo_datasets (name),\n"
                               "  separator TEXT");
    put_words(site, "label", sql);
    put_words(site, "description", sql);
    put_words(site, "unit", sql);
    buffer_append_literal(sql, ",\n  PRIMARY KEY (dataset, name)\n) STRICT;\n"
                               "CREATE TABLE kyodo_records (\n"
                               "  rowid INTEGER PRIMARY KEY,\n"
                               "  dataset TEXT NOT NULL REFERENCES kyodo_datasets (name),\n"
                               "  id TEXT,\n"
                               "  title TEXT\n) STRICT;\n"
                               "CREATE VIRTUAL TABLE kyodo_search USING fts5(\n"
                               "  bigrams, content = '', tokenize = 'ascii');\n");
}

void sqlite_insert(struct slice table, int columns, struct buffer *sql)
{
    buffer_append_literal(sql, "INSERT INTO ");
    put_name(sql, table);
    buffer_append_literal(sql, " VALUES (");
    for (int i = 0; i < columns; i++) {
        buffer_append(sql, i > 0 ? SLICE(", ?") : SLICE("?"));
    }
    buffer_append_byte(sql, ')');
}
