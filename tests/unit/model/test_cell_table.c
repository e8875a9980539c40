/* Every line of cells.txt: one cell through descriptor, CSV and constraints. */
#include <stdio.h>
#include <stdlib.h>

#include "made_package.h"

struct table_line {
    struct slice field; /* `{"type": …}` */
    struct slice source;
    struct slice expected;
    int number;
};

static struct slice read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char block[1 << 17];
    size_t length = fread(block, 1, sizeof(block), file);
    assert_true(length < sizeof(block));
    fclose(file);
    return arena_copy(arena, slice_make(block, (ptrdiff_t)length));
}

/* \n, \s and \t as what they stand for. */
static struct slice unescape(struct slice s, struct arena *arena)
{
    struct buffer out = {0};
    for (ptrdiff_t i = 0; i < s.length; i++) {
        bool is_escape = s.data[i] == '\\' && i + 1 < s.length &&
                         slice_find_byte(SLICE("nst"), s.data[i + 1], 0) >= 0;
        char c = is_escape ? s.data[++i] : s.data[i];
        buffer_append_byte(&out, !is_escape ? c : c == 'n' ? '\n' : c == 's' ? ' ' : '\t');
    }
    struct slice kept = arena_copy(arena, buffer_slice(&out));
    buffer_release(&out);
    return kept;
}

static struct slice quote(struct slice s, struct arena *arena)
{
    struct slice out = SLICE("\"");
    for (ptrdiff_t i = 0; i < s.length; i++) {
        out = ARENA_JOIN(arena, out, slice_sub(s, i, i + 1),
                         s.data[i] == '"' ? SLICE("\"") : SLICE(""));
    }
    return ARENA_JOIN(arena, out, SLICE("\""));
}

/* `value`, `!code`, or both. */
static struct slice read_one(const struct table_line *line, struct arena *arena)
{
    struct made_package made;
    made_init(&made);
    struct slice members = slice_sub(line->field, 1, line->field.length - 1);
    struct slice rest = slice_trim(members);
    made_file(&made, "data/datapackage.json",
              ARENA_JOIN(&made.arena,
                         SLICE("{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", "
                               "\"schema\": {\"fields\": [{\"name\": \"x\""),
                         slice_of(rest.length > 0 ? ", " : ""), rest, SLICE("}]}}]}")));
    made_file(
        &made, "data/t.csv",
        ARENA_JOIN(&made.arena, SLICE("x,y\n"), quote(line->source, &made.arena), SLICE(",1\n")));
    /* A second column keeps a row without a value from being blank; it is none of the schema's. */
    made.texts[0] = ARENA_JOIN(&made.arena, slice_sub(made.texts[0], 0, made.texts[0].length - 5),
                               SLICE(", {\"name\": \"y\"}]}}]}"));
    made_read(&made);
    const struct table *table = site_table(&made.site, SLICE("t"));
    struct slice value = {0};
    if (table != NULL && table->row_count == 1) {
        value = table_cell(table, 0, 0);
    }
    struct slice codes = made_codes(&made);
    struct slice out =
        ARENA_JOIN(arena, value, slice_of(value.length > 0 && codes.length > 0 ? " " : ""),
                   slice_of(codes.length > 0 ? "!" : ""), codes);
    made_release(&made);
    return out;
}

static void test_every_line(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct slice rest = read_file("cells.txt", &arena);
    struct table_line line = {0};
    int count = 0;
    int wrong = 0;
    while (rest.data != NULL) {
        struct slice text = slice_cut(&rest, '\n');
        line.number++;
        if (text.length == 0 || text.data[0] == '#') {
            continue;
        }
        ptrdiff_t arrow = slice_find(text, SLICE("=>"), 0);
        if (slice_starts_with(text, SLICE("[{")) && slice_ends_with(text, SLICE("}]")) &&
            arrow < 0) {
            line.field = slice_sub(text, 1, text.length - 1);
            continue;
        }
        assert_true(arrow >= 0);
        line.source = unescape(slice_trim(slice_sub(text, 0, arrow)), &arena);
        line.expected = unescape(slice_trim(slice_from(text, arrow + 2)), &arena);
        struct slice got = read_one(&line, &arena);
        count++;
        if (!slice_equal(got, line.expected)) {
            wrong++;
            print_error("cells.txt:%d: %.*s \"%.*s\"\n         got  %.*s\n         want %.*s\n",
                        line.number, SLICE_ARGUMENTS(line.field), SLICE_ARGUMENTS(line.source),
                        SLICE_ARGUMENTS(got), SLICE_ARGUMENTS(line.expected));
        }
    }
    assert_true(count >= 300);
    assert_int_equal(wrong, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
