#include "registers.h"

/* How a CSV is written (Table Dialect, and what of CSV Dialect v1 means the same). */

/* A character of the dialect; 0 and a finding when the member is not one character of ASCII. */
static char dialect_character(const struct describing *describing, const struct node *dialect,
                              const char *member, char otherwise)
{
    const struct node *node = expect_text(describing, dialect, member);
    if (node == NULL) {
        return otherwise;
    }
    if (node->text.length != 1 || (node->text.data[0] & 0x80) != 0 || node->text.data[0] == '\n' ||
        node->text.data[0] == '\r') {
        DIAG(describing->diag, CODE_register_dialect, node->span, slice_of(member), node->text);
        return otherwise;
    }
    return node->text.data[0];
}

/* One character can't mean two things. A quote that escapes quotes is what doubling them is. */
static void tell_apart(const struct describing *describing, const struct node *dialect,
                       struct csv_dialect *out)
{
    out->escape = out->escape == out->quote ? '\0' : out->escape;
    const char *member = out->delimiter == out->quote    ? "quoteChar"
                         : out->delimiter == out->escape ? "escapeChar"
                                                         : NULL;
    if (member == NULL) {
        return;
    }
    const struct node *node = node_get(dialect, member);
    node = node != NULL ? node : node_get(dialect, "delimiter");
    DIAG(describing->diag, CODE_register_dialect, node->span, node->key, node->text);
    csv_dialect_default(out);
}

/* Numbers of rows, from 1 and rising. */
static const int64_t *row_numbers(const struct describing *describing, const struct node *dialect,
                                  const char *member, ptrdiff_t *count)
{
    const struct node *list = expect_list(describing, dialect, member);
    *count = 0;
    if (list == NULL) {
        return NULL;
    }
    int64_t *numbers = ARENA_ARRAY(describing->arena, int64_t, list->count);
    for (const struct node *one = list->first; one != NULL; one = one->next) {
        int64_t number;
        bool is_number = one->kind == NODE_SCALAR && one->scalar == SCALAR_INTEGER &&
                         slice_to_integer(one->text, &number) && number >= 1 &&
                         (*count == 0 || number > numbers[*count - 1]);
        if (!is_number) {
            DIAG(describing->diag, CODE_register_dialect, one->span, slice_of(member),
                 span_text(one->span));
            *count = 0;
            return NULL;
        }
        numbers[(*count)++] = number;
    }
    return numbers;
}

/* Every line end is read, whichever is named; anything else ends no line. */
static void describe_line_end(const struct describing *describing, const struct node *dialect,
                              struct table_plan *plan)
{
    const struct node *node = expect_text(describing, dialect, "lineTerminator");
    plan->ends_with_return = node != NULL && slice_equal(node->text, SLICE("\r"));
    bool is_known = node == NULL || plan->ends_with_return ||
                    slice_equal(node->text, SLICE("\r\n")) || slice_equal(node->text, SLICE("\n"));
    if (!is_known) {
        DIAG(describing->diag, CODE_register_dialect, node->span, node->key, span_text(node->span));
    }
}

static void describe_header(const struct describing *describing, const struct node *dialect,
                            struct table_plan *plan)
{
    plan->has_header = expect_boolean(describing, dialect, "header", true);
    /* Of v1; its own default is false, which nobody expects who has not written it. */
    plan->ignores_case = !expect_boolean(describing, dialect, "caseSensitiveHeader", true);
    plan->header_rows = row_numbers(describing, dialect, "headerRows", &plan->header_row_count);
    plan->comment_rows = row_numbers(describing, dialect, "commentRows", &plan->comment_row_count);
    const struct node *join = expect_text(describing, dialect, "headerJoin");
    plan->header_join = join != NULL ? join->text : SLICE(" ");
    const struct node *rows = node_get(dialect, "headerRows");
    if (rows != NULL && rows->kind == NODE_SEQUENCE && rows->count == 0) {
        plan->has_header = false;
    }
    if (!plan->has_header) {
        plan->header_row_count = 0;
    }
}

/* Tab-separated values say so in their name, their format or their type. */
static bool is_tabbed(const struct table_plan *plan)
{
    const struct node *format = node_get(plan->table->descriptor, "format");
    const struct node *type = node_get(plan->table->descriptor, "mediatype");
    struct slice path = plan->table->path;
    struct slice ending = slice_from(path, slice_find_last_byte(path, '.') + 1);
    return slice_equal_ignoring_ascii_case(ending, SLICE("tsv")) ||
           (format != NULL && slice_equal_ignoring_ascii_case(format->text, SLICE("tsv"))) ||
           (type != NULL && slice_equal(type->text, SLICE("text/tab-separated-values")));
}

void describe_dialect(const struct describing *describing, const struct node *dialect,
                      struct table_plan *plan)
{
    struct csv_dialect *out = &plan->table->dialect;
    csv_dialect_default(out);
    out->delimiter = is_tabbed(plan) ? '\t' : out->delimiter;
    plan->has_header = true;
    if (dialect == NULL) {
        return;
    }
    plan->has_dialect = true;
    describe_members(describing, dialect, LEVEL_DIALECT);
    out->delimiter = dialect_character(describing, dialect, "delimiter", out->delimiter);
    out->quote = dialect_character(describing, dialect, "quoteChar", out->quote);
    out->escape = dialect_character(describing, dialect, "escapeChar", '\0');
    tell_apart(describing, dialect, out);
    out->comment = dialect_character(describing, dialect, "commentChar", '\0');
    out->skip_initial_space = expect_boolean(describing, dialect, "skipInitialSpace", false);
    const struct node *null = expect_text(describing, dialect, "nullSequence");
    plan->null_sequence = null != NULL ? null->text : (struct slice){0};
    describe_line_end(describing, dialect, plan);
    describe_header(describing, dialect, plan);
    if (!expect_boolean(describing, dialect, "doubleQuote", true) && out->escape == '\0') {
        const struct node *node = node_get(dialect, "doubleQuote");
        DIAG(describing->diag, CODE_register_dialect, node->span, node->key, node->text);
    }
}
