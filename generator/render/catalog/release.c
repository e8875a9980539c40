/* What a release tells of itself, and the addresses that moved, for web servers. Only releases have
 * these; a build into a folder has none. */
#include "render_internal.h"

/* ---- release.json ---- */

static struct slice time_text(int64_t time, struct arena *arena)
{
    int64_t day = time / 86400;
    int64_t second = time % 86400;
    return arena_format(arena, "%.*sT%02d:%02d:%02dZ",
                        SLICE_ARGUMENTS(date_iso(arena, date_from_days((int32_t)day))),
                        (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void write_counts(struct json_writer *json, const struct render *render)
{
    int64_t pages = 0;
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        pages += render->plan.data[i].group == GROUP_PAGE ? 1 : 0;
    }
    const struct site *site = render->site;
    json_key(json, SLICE("counts"));
    json_object_begin(json);
    json_member_integer(json, "pages", pages);
    json_member_integer(json, "cases", site->item_counts[ITEM_CASE]);
    json_member_integer(json, "news", site->item_counts[ITEM_NEWS]);
    json_member_integer(json, "meetings", site->item_counts[ITEM_MEETING]);
    json_member_integer(json, "tables", site->table_count);
    json_object_end(json);
}

static bool make_release(const struct render *render, const struct artefact *artefact,
                         struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)artefact;
    (void)diag;
    const struct render_options *options = &render->options;
    struct json_writer json;
    json_begin(&json, out, true);
    json_object_begin(&json);
    if (options->commit.length > 0) {
        json_member(&json, "commit", options->commit);
    }
    json_member(&json, "time", time_text(options->release_time, &worker->scratch));
    json_member(&json, "generator",
                ARENA_JOIN(&worker->scratch, SLICE("kyodo "), options->version));
    write_counts(&json, render);
    json_object_end(&json);
    buffer_append_byte(out, '\n');
    return true;
}

/* ---- redirects.map ---- */

/* What stands before every address: `/`, or `/casebook/` for a site below its host. */
static struct slice base_path(const struct site *site)
{
    ptrdiff_t host = slice_find(site->base_url, SLICE("://"), 0);
    ptrdiff_t path = slice_find_byte(site->base_url, '/', host < 0 ? 0 : host + 3);
    return path < 0 ? SLICE("/") : slice_from(site->base_url, path);
}

static void write_redirect(const struct render *render, const struct item *item, struct slice id,
                           struct arena *arena, struct buffer *out)
{
    const struct site *site = render->site;
    struct slice base = base_path(site);
    for (int language = 0; language < site->language_count; language++) {
        struct slice from = address_kind(site, item->kind, language, arena);
        struct slice to = address_item(site, item, language, arena);
        /* With its slash and without. */
        for (int i = 0; i < 2; i++) {
            buffer_append_format(out, "\"%.*s%.*s%.*s%s\" \"%.*s%.*s\";\n", SLICE_ARGUMENTS(base),
                                 SLICE_ARGUMENTS(from), SLICE_ARGUMENTS(id), i == 0 ? "/" : "",
                                 SLICE_ARGUMENTS(base), SLICE_ARGUMENTS(to));
        }
    }
}

/* Lines of nginx's `map`. Former ids are as well-formed as ids are: nothing in them needs an
 * escape. */
static bool make_redirects(const struct render *render, const struct artefact *artefact,
                           struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)artefact;
    (void)diag;
    static const enum field_id aliases[ITEM_KINDS] = {FIELD_case_aliases, FIELD_page_aliases,
                                                      FIELD_news_aliases, FIELD_meeting_aliases};
    const struct site *site = render->site;
    buffer_append_literal(out, "# addresses that moved, for nginx (map)\n");
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            const struct item *item = &site->items[kind][i];
            struct value_list list = record_list(item->record, aliases[kind]);
            for (ptrdiff_t k = 0; k < list.count; k++) {
                write_redirect(render, item, list.items[k].as.text, &worker->scratch, out);
            }
        }
    }
    return true;
}

void release_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    if (render->options.is_release) {
        plan_add(render, SLICE("release.json"), GROUP_DATA, PHASE_PAGES, false, make_release);
        plan_add(render, SLICE("redirects.map"), GROUP_DATA, PHASE_PAGES, false, make_redirects);
    }
}
