#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "feed.h"

/* A site of so many pages in each language, planned as render_plan would, with the feeds. */
struct planned {
    struct site site;
    struct render render;
    struct render_worker worker;
};

static void plan_pages(struct planned *planned, const char *const *tags, int languages,
                       ptrdiff_t pages)
{
    static struct language names[MODEL_LANGUAGES_MOST];
    *planned = (struct planned){.site = {.base_url = SLICE("https://example.jp/<x>/")}};
    struct render *render = &planned->render;
    arena_init(&render->arena, ARENA_DEFAULT_LIMIT);
    arena_init(&planned->worker.scratch, ARENA_DEFAULT_LIMIT);
    for (int i = 0; i < languages; i++) {
        names[i].tag = slice_of(tags[i]);
    }
    planned->site.languages = names;
    planned->site.language_count = languages;
    render->site = &planned->site;
    for (int language = 0; language < languages; language++) {
        for (ptrdiff_t i = 0; i < pages; i++) {
            struct slice address =
                arena_format(&render->arena, "%s/actors/id %td/index.html", tags[language], i);
            struct artefact *page = plan_add(render, address, GROUP_PAGE, PHASE_PAGES, true, NULL);
            page->language = language;
            page->is_listed = i % 2 == 0 || language == 0; /* odd ones are in the first alone */
        }
    }
    feed_plan(render, NULL);
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        map_insert(&render->index_by_address, &render->arena, render->plan.data[i].address, NULL)
            ->value.integer = i;
    }
}

static void release(struct planned *planned)
{
    free(planned->render.plan.data);
    arena_release(&planned->render.arena);
    arena_release(&planned->worker.scratch);
    buffer_release(&planned->worker.buffer);
}

static const char *text_of(struct planned *planned, const char *address, struct buffer *out)
{
    const struct map_entry *entry = map_find(&planned->render.index_by_address, slice_of(address));
    if (entry == NULL) {
        return NULL;
    }
    const struct artefact *artefact = &planned->render.plan.data[entry->value.integer];
    buffer_clear(out);
    assert_true(artefact->make(&planned->render, artefact, &planned->worker, out, NULL));
    buffer_append_byte(out, '\0');
    return out->data;
}

static ptrdiff_t count_of(const char *text, const char *wanted)
{
    ptrdiff_t count = 0;
    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at++) {
        count++;
    }
    return count;
}

static void large_sitemaps_are_split(void **state)
{
    (void)state;
    static const char *const tags[] = {"ja", "en"};
    static const char *const parts[] = {"ja/sitemap.xml", "ja/sitemap-2.xml", "ja/sitemap-3.xml"};
    static const ptrdiff_t sizes[] = {50000, 50000, 1};
    struct planned planned;
    struct buffer text = {0};
    plan_pages(&planned, tags, 2, 100001);
    for (int i = 0; i < 3; i++) {
        const char *part = text_of(&planned, parts[i], &text);
        assert_non_null(part);
        assert_int_equal(count_of(part, "<loc>"), sizes[i]);
        assert_true(text.length < 50 * 1000 * 1000);
        /* Every address stands in one part, the next one's first right behind this one's last. */
        char first[64];
        snprintf(first, sizeof(first), "id%%20%d/</loc>", i * 50000);
        assert_int_equal(count_of(part, first), 1);
        snprintf(first, sizeof(first), "id%%20%d/</loc>", (i + 1) * 50000);
        assert_int_equal(count_of(part, first), 0);
    }
    assert_null(text_of(&planned, "ja/sitemap-4.xml", &text));
    const char *part = text_of(&planned, "en/sitemap.xml", &text);
    assert_int_equal(count_of(part, "<loc>"), 50000);
    part = text_of(&planned, "en/sitemap-2.xml", &text);
    assert_int_equal(count_of(part, "<loc>"), 1);
    part = text_of(&planned, "sitemap.xml", &text);
    assert_int_equal(count_of(part, "<loc>"), 5);
    assert_int_equal(count_of(part, "<loc>https://example.jp/&lt;x&gt;/ja/sitemap-3.xml</loc>"), 1);
    buffer_release(&text);
    release(&planned);
}

static void alternates_are_real_translations(void **state)
{
    (void)state;
    static const char *const tags[] = {"ja", "en", "zh-Hans"};
    struct planned planned;
    struct buffer text = {0};
    plan_pages(&planned, tags, 3, 4);
    const char *ja = text_of(&planned, "ja/sitemap.xml", &text);
    assert_int_equal(count_of(ja, "<loc>"), 4);
    /* Two pages in three languages, two in one only. */
    assert_int_equal(count_of(ja, "<xhtml:link "), 6);
    assert_int_equal(
        count_of(ja, "<loc>https://example.jp/&lt;x&gt;/ja/actors/id%201/</loc>\n</url>"), 1);
    assert_int_equal(count_of(ja,
                              "hreflang=\"zh-Hans\" href=\"https://example.jp/&lt;x&gt;/zh-Hans/"
                              "actors/id%202/\"/>"),
                     1);
    const char *zh = text_of(&planned, "zh-Hans/sitemap.xml", &text);
    assert_int_equal(count_of(zh, "<loc>"), 2);
    assert_int_equal(count_of(zh, "id%201"), 0);
    buffer_release(&text);
    release(&planned);
}

static void many_languages_make_shorter_parts(void **state)
{
    (void)state;
    struct site site = {.language_count = 4};
    assert_int_equal(sitemap_most(&site), 50000);
    site.language_count = 16;
    assert_int_equal(sitemap_most(&site), 12500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_sitemaps_are_split),
        cmocka_unit_test(alternates_are_real_translations),
        cmocka_unit_test(many_languages_make_shorter_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
