/* Templates: what the vocabulary refuses, where it says so, and what an accepted template expands
 * to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "model.h"
#include "template.h"
#include "template_compile.h"

#define FILES_MOST 4
#define PRAGMA "{{%AUTOESCAPE context=\"HTML\"}}"

/* A site of one language with a theme of a few templates and the text "hello". */
struct fixture {
    struct arena arena;
    struct site site;
    struct language language;
    struct theme_template files[FILES_MOST];
    struct node hello;
    struct diag *diag;
    struct buffer out;
};

static void begin(struct fixture *fixture)
{
    *fixture = (struct fixture){0};
    arena_init(&fixture->arena, ARENA_DEFAULT_LIMIT);
    buffer_init(&fixture->out);
    fixture->diag = diag_new(0);
    fixture->language = (struct language){SLICE("en"), SLICE("English")};
    fixture->site.languages = &fixture->language;
    fixture->site.language_count = 1;
    fixture->site.theme.templates = fixture->files;
    fixture->hello =
        (struct node){.kind = NODE_SCALAR, .text = SLICE("Good <day> {{X}} & \"you\"")};
    map_insert(&fixture->site.theme.strings_by_key[0], &fixture->arena, SLICE("hello"), NULL)
        ->value.constant = &fixture->hello;
}

static void add_file(struct fixture *fixture, const char *name, const char *text)
{
    struct slice path = arena_format(&fixture->arena, "themes/t/templates/%s.tpl", name);
    struct theme_template *file = &fixture->files[fixture->site.theme.template_count++];
    assert_true(fixture->site.theme.template_count <= FILES_MOST);
    file->name = slice_of(name);
    file->source = source_new(path, slice_of(text), NULL, NULL);
}

static void end(struct fixture *fixture)
{
    for (ptrdiff_t i = 0; i < fixture->site.theme.template_count; i++) {
        source_free(fixture->files[i].source);
    }
    diag_free(fixture->diag);
    buffer_release(&fixture->out);
    arena_release(&fixture->arena);
}

static bool compile(struct fixture *fixture, enum dictionary_id around, enum dictionary_id id)
{
    return template_compile(&fixture->site, SLICE("main"), 0, around, id, &fixture->out,
                            fixture->diag);
}

/* One template of dictionary `list` inside `page` must give exactly this finding, at this place. */
static void expect_finding(const char *text, enum code code, int64_t line, int64_t column)
{
    struct fixture fixture;
    begin(&fixture);
    add_file(&fixture, "main", text);
    add_file(&fixture, "circle", PRAGMA "{{>CIRCLE}}");
    add_file(&fixture, "naked", "<p>no pragma</p>");
    assert_false(compile(&fixture, DICTIONARY_page, DICTIONARY_list));
    ptrdiff_t count = 0;
    const struct finding *findings = diag_sorted(fixture.diag, &count);
    assert_int_equal(count, 1);
    assert_string_equal(code_info(findings[0].code)->name, code_info(code)->name);
    assert_int_equal(findings[0].position.line, line);
    assert_int_equal(findings[0].position.column, column);
    end(&fixture);
}

static void expand(const char *text, struct dictionary *(*fill)(struct arena *),
                   const char *expected)
{
    struct fixture fixture;
    begin(&fixture);
    add_file(&fixture, "main", text);
    add_file(&fixture, "part", PRAGMA "\n  <i>{{TITLE:none}}</i>\n");
    bool good = compile(&fixture, DICTIONARY_page, DICTIONARY_list);
    assert_true(good);
    struct buffer reason;
    buffer_init(&reason);
    struct template_text *compiled = template_new(buffer_slice(&fixture.out), &reason);
    assert_non_null(compiled);
    buffer_release(&reason);
    buffer_clear(&fixture.out);
    template_expand(compiled, fill(&fixture.arena), &fixture.out);
    buffer_append_byte(&fixture.out, '\0');
    assert_string_equal(fixture.out.data, expected);
    template_free(compiled);
    end(&fixture);
}

/* The words of the page that it needs, and of a list inside it. */
static struct dictionary *fill_list(struct arena *arena)
{
    struct dictionary *page = dictionary_new(arena, DICTIONARY_page, NULL);
    dictionary_set(page, NAME_page_LANG, SLICE("en"));
    dictionary_set(page, NAME_page_SITE_TITLE, SLICE("Site & <more>"));
    struct dictionary *list = dictionary_new(arena, DICTIONARY_list, page);
    dictionary_set(list, NAME_list_TITLE, SLICE("<b>Title</b>"));
    const char *const labels[] = {"one", "two", "three"};
    for (int i = 0; i < 3; i++) {
        struct dictionary *way = dictionary_add(list, NAME_list_WAY);
        dictionary_set(way, NAME_link_LABEL, slice_of(labels[i]));
        dictionary_set_some(way, NAME_link_URL,
                            i == 1 ? SLICE("javascript:alert(1)") : SLICE("a/?x=1&y=2"));
        dictionary_show(way, NAME_link_CURRENT, i == 2);
    }
    return list;
}

static void values_are_escaped_where_they_stand(void **state)
{
    (void)state;
    expand(PRAGMA "<p title=\"{{SITE_TITLE}}\">{{SITE_TITLE}} {{TITLE:none}}</p>", fill_list,
           "<p title=\"Site &amp; &lt;more&gt;\">Site &amp; &lt;more&gt; <b>Title</b></p>");
}

static void sections_repeat_and_separate(void **state)
{
    (void)state;
    expand(PRAGMA "{{#WAY}}{{LABEL:none}}{{#CURRENT}}!{{/CURRENT}}"
                  "{{#WAY_separator}}, {{/WAY_separator}}{{/WAY}}",
           fill_list, "one, two, three!");
}

static void addresses_are_checked(void **state)
{
    (void)state;
    expand(
        PRAGMA "{{#WAY}}<a href=\"{{URL}}\">{{LANG}}</a>{{/WAY}}", fill_list,
        "<a href=\"a/?x=1&amp;y=2\">en</a><a href=\"#\">en</a><a href=\"a/?x=1&amp;y=2\">en</a>");
}

static void any_and_no_ask_without_entering(void **state)
{
    (void)state;
    expand(PRAGMA "{{#ANY_WAY}}<ul>{{TITLE:none}}</ul>{{/ANY_WAY}}{{#NO_WAY}}none{{/NO_WAY}}"
                  "{{#ANY_PAGER}}pagers{{/ANY_PAGER}}{{#NO_PAGER}}no pagers{{/NO_PAGER}}"
                  "{{#NO_LEAD}}-{{/NO_LEAD}}",
           fill_list, "<ul><b>Title</b></ul>no pagers-");
}

static void lines_of_markers_leave_no_trace(void **state)
{
    (void)state;
    expand(PRAGMA "\n<div>\n  {{! a remark }}\n  {{#TITLE}}\n  {{>PART}}\n  {{/TITLE}}\n</div>\n",
           fill_list, "<div>\n<i><b>Title</b></i>\n</div>\n");
}

static void texts_are_put_in_escaped(void **state)
{
    (void)state;
    expand(PRAGMA "<p title=\"{{T_HELLO}}\">{{T_HELLO}}</p>", fill_list,
           "<p title=\"Good &lt;day&gt; &#123;&#123;X}} &amp; &quot;you&quot;\">"
           "Good &lt;day&gt; &#123;&#123;X}} &amp; &quot;you&quot;</p>");
}

static void names_are_checked(void **state)
{
    (void)state;
    expect_finding(PRAGMA "\n<p>{{TITEL:none}}</p>", CODE_template_unknown_name, 2, 4);
    expect_finding(PRAGMA "\n{{#WAYS}}x{{/WAYS}}", CODE_template_unknown_name, 2, 1);
    expect_finding(PRAGMA "\n{{#WAY}}{{SUMMARY:none}}{{/WAY}}", CODE_template_unknown_name, 2, 9);
    expect_finding(PRAGMA "\n{{WAY}}", CODE_template_not_a_value, 2, 1);
    expect_finding(PRAGMA "{{T_HULLO}}", CODE_string_missing, 1, 31);
}

static void the_nearest_name_is_offered(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    add_file(&fixture, "main", PRAGMA "{{TITEL:none}}");
    assert_false(compile(&fixture, DICTIONARY_page, DICTIONARY_list));
    ptrdiff_t count = 0;
    const struct finding *findings = diag_sorted(fixture.diag, &count);
    assert_int_equal(count, 1);
    assert_true(slice_equal(findings[0].help[INTERFACE_ENGLISH], SLICE("did you mean TITLE?")));
    end(&fixture);
}

static void modifiers_are_checked(void **state)
{
    (void)state;
    expect_finding(PRAGMA "{{TITLE}}", CODE_template_modifier_missing, 1, 31);
    expect_finding(PRAGMA "{{SITE_TITLE:none}}", CODE_template_modifier_extra, 1, 31);
    expect_finding(PRAGMA "{{TITLE:none:x-y}}", CODE_template_modifier_missing, 1, 31);
}

static void sections_are_balanced(void **state)
{
    (void)state;
    expect_finding(PRAGMA "{{#WAY}}", CODE_template_never_closed, 1, 31);
    expect_finding(PRAGMA "{{/WAY}}", CODE_template_not_open, 1, 31);
    expect_finding(PRAGMA "\n{{#WAY}}{{#URL}}{{/WAY}}{{/URL}}", CODE_template_unbalanced, 2, 17);
}

static void markers_are_readable(void **state)
{
    (void)state;
    expect_finding(PRAGMA "\n<p>{{TITLE:none</p>\n}}", CODE_template_unclosed, 2, 4);
    expect_finding(PRAGMA "{{ TITLE:none }}", CODE_template_syntax, 1, 31);
    expect_finding(PRAGMA "{{=<% %>=}}", CODE_template_syntax, 1, 31);
    expect_finding("{{%AUTOESCAPE context=\"JAVASCRIPT\"}}", CODE_template_syntax, 1, 1);
}

static void every_file_escapes(void **state)
{
    (void)state;
    expect_finding("<p></p>", CODE_template_no_autoescape, 1, 1);
    expect_finding(PRAGMA "{{>NAKED}}", CODE_template_no_autoescape, 1, 1);
}

static void parts_are_there_and_no_circle(void **state)
{
    (void)state;
    /* A slip in the name, where it stands; a part that is gone, where it should be. */
    expect_finding(PRAGMA "{{>CIRCEL}}", CODE_template_part_missing, 1, 31);
    expect_finding(PRAGMA "{{>NOWHERE}}", CODE_template_part_missing, 1, 1);
    expect_finding(PRAGMA "{{>CIRCLE}}", CODE_template_nesting, 1, 31);
}

static void markers_in_odd_places_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct buffer reason;
    buffer_init(&reason);
    struct template_text *compiled = template_new(SLICE(PRAGMA "<a href={{AAAA}}>x</a>"), &reason);
    assert_null(compiled);
    assert_true(slice_find(buffer_slice(&reason), SLICE("must be enclosed in quotes"), 0) >= 0);
    buffer_release(&reason);
}

static void a_theme_without_the_template(void **state)
{
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    add_file(&fixture, "other", PRAGMA);
    assert_false(compile(&fixture, DICTIONARY_COUNT, DICTIONARY_page));
    ptrdiff_t count = 0;
    const struct finding *findings = diag_sorted(fixture.diag, &count);
    assert_int_equal(count, 1);
    assert_int_equal(findings[0].code, CODE_template_missing);
    end(&fixture);
}

static void dictionaries_fit_their_mask(void **state)
{
    (void)state;
    for (int id = 0; id < DICTIONARY_COUNT; id++) {
        int count = vocabulary_count((enum dictionary_id)id);
        assert_true(count > 0 && count <= DICTIONARY_SLOTS_MOST);
        for (int slot = 0; slot < count; slot++) {
            enum name_id name =
                (enum name_id)((int)vocabulary_first((enum dictionary_id)id) + slot);
            assert_int_equal(vocabulary_name_of(name)->dictionary, id);
            assert_int_equal(
                vocabulary_find((enum dictionary_id)id, vocabulary_name_of(name)->name), name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped_where_they_stand),
        cmocka_unit_test(sections_repeat_and_separate),
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(any_and_no_ask_without_entering),
        cmocka_unit_test(lines_of_markers_leave_no_trace),
        cmocka_unit_test(texts_are_put_in_escaped),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(the_nearest_name_is_offered),
        cmocka_unit_test(modifiers_are_checked),
        cmocka_unit_test(sections_are_balanced),
        cmocka_unit_test(markers_are_readable),
        cmocka_unit_test(every_file_escapes),
        cmocka_unit_test(parts_are_there_and_no_circle),
        cmocka_unit_test(markers_in_odd_places_are_refused_with_a_reason),
        cmocka_unit_test(a_theme_without_the_template),
        cmocka_unit_test(dictionaries_fit_their_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
