/*
 * Every small package of packages.txt: its descriptor and files through the whole reading, and
 * exactly the findings that stand below them, a line each:
 *
 *     resource row field type code
 *
 * `-` where there is none. A package begins with `== title`, a file with `-- name`, what is
 * expected with `-- expect`. In a file `\r` at the end of a line is a carriage return.
 */
#include <stdio.h>

#include "made_package.h"

static struct slice read_file(const char *path, struct arena *arena)
{
    static char block[1 << 18];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(block, 1, sizeof(block), file);
    assert_true(length < sizeof(block));
    fclose(file);
    return arena_copy(arena, slice_make(block, (ptrdiff_t)length));
}

static struct slice or_dash(struct slice s)
{
    return s.length > 0 ? s : SLICE("-");
}

static struct slice number_or_dash(int64_t number, struct arena *arena)
{
    return number > 0 ? arena_format(arena, "%lld", (long long)number) : SLICE("-");
}

static struct slice found_lines(struct made_package *made)
{
    struct arena *arena = &made->arena;
    struct slice out = SLICE("");
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(made->diag, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        out = ARENA_JOIN(arena, out, or_dash(finding->resource), SLICE(" "),
                         number_or_dash(finding->row_number, arena), SLICE(" "),
                         number_or_dash(finding->field_number, arena), SLICE(" "),
                         or_dash(finding->type), SLICE(" "),
                         slice_of(code_info(finding->code)->name), SLICE("\n"));
    }
    return out;
}

/* `\r` before a line end as the character itself. */
static struct slice with_returns(struct slice text, struct arena *arena)
{
    struct slice out = SLICE("");
    while (text.data != NULL) {
        struct slice line = slice_cut(&text, '\n');
        bool is_last = text.data == NULL;
        bool has_return = slice_ends_with(line, SLICE("\\r"));
        line = has_return ? slice_sub(line, 0, line.length - 2) : line;
        out = ARENA_JOIN(arena, out, line, slice_of(has_return ? "\r" : ""),
                         slice_of(is_last ? "" : "\n"));
    }
    return out;
}

/* The part of `*rest` up to the next line that begins with `mark`, or all of it. */
static struct slice cut_before(struct slice *rest, struct slice mark)
{
    ptrdiff_t at = slice_find(*rest, mark, 0);
    struct slice part = slice_sub(*rest, 0, at < 0 ? rest->length : at + 1);
    *rest = at < 0 ? (struct slice){0} : slice_from(*rest, at + 1);
    return part;
}

static bool check_package(struct slice package)
{
    struct made_package made;
    made_init(&made);
    made.site.is_package = true;
    struct slice title = slice_cut(&package, '\n');
    struct slice expected = SLICE("");
    while (package.length > 0) {
        struct slice part = cut_before(&package, SLICE("\n-- "));
        struct slice name = slice_from(slice_cut(&part, '\n'), 3);
        if (slice_equal(name, SLICE("expect"))) {
            expected = slice_trim(part);
        } else {
            const char *path = arena_string(&made.arena, name);
            made_file(&made, path, with_returns(part, &made.arena));
        }
    }
    made.package_path = "datapackage.json";
    made_read(&made);
    struct slice found = slice_trim(found_lines(&made));
    bool is_same = slice_equal(found, expected);
    if (!is_same) {
        print_error("%.*s\n--- got\n%.*s\n--- want\n%.*s\n\n", SLICE_ARGUMENTS(title),
                    SLICE_ARGUMENTS(found), SLICE_ARGUMENTS(expected));
    }
    made_release(&made);
    return is_same;
}

/* What frictionless always checks; each stands in a package here. */
static const char *const always[] = {
    "hash-count",       "byte-count",  "field-count",      "row-count",   "blank-header",
    "unmatched-header", "extra-label", "missing-label",    "blank-label", "duplicate-label",
    "incorrect-label",  "blank-row",   "primary-key",      "foreign-key", "extra-cell",
    "missing-cell",     "type-error",  "constraint-error", "unique-error"};

static void test_every_type(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct slice text = read_file("packages.txt", &arena);
    int missing = 0;
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        struct slice word = ARENA_JOIN(&arena, SLICE(" "), slice_of(always[i]), SLICE(" "));
        if (slice_find(text, word, 0) < 0) {
            print_error("no package shows %s\n", always[i]);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
    arena_release(&arena);
}

static void test_every_package(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    struct slice rest = read_file("packages.txt", &arena);
    (void)cut_before(&rest, SLICE("\n== "));
    int count = 0;
    int wrong = 0;
    while (rest.length > 0) {
        wrong += check_package(cut_before(&rest, SLICE("\n== "))) ? 0 : 1;
        count++;
    }
    assert_true(count >= 100);
    assert_int_equal(wrong, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_package),
                                       cmocka_unit_test(test_every_type)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
