#include "dataset_files.h"

#include "api.h"
#include "limits.h"

static const struct artefact_result *result_of(const struct page *page,
                                               const struct dataset *dataset, int form)
{
    return render_result(page->render,
                         dataset_address(dataset->name, (enum dataset_form_id)form, page->arena));
}

static void add_file(const struct page *page, struct dictionary *parent, enum name_id section,
                     const struct dataset *dataset, int form, struct slice note)
{
    struct slice address = dataset_address(dataset->name, (enum dataset_form_id)form, page->arena);
    struct slice label = dataset_form((enum dataset_form_id)form)->label[page->labels];
    add_link(parent, section, html_text(page, label), page_url(page, address), note);
}

void add_main_files(const struct page *page, struct dictionary *card, const struct dataset *dataset)
{
    static const enum dataset_form_id forms[] = {DATASET_FORM_xlsx, DATASET_FORM_csv,
                                                 DATASET_FORM_json, DATASET_FORM_zip};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (result_of(page, dataset, (int)forms[i]) != NULL) {
            add_file(page, card, NAME_dataset_card_DOWNLOAD, dataset, (int)forms[i],
                     (struct slice){0});
        }
    }
}

/* ---- What a form cannot hold ---- */

static void put_limit(const struct page *page, enum string_id string, ptrdiff_t count)
{
    if (count > 0) {
        PUT(page, " ");
        put_pattern(page, string, text_integer(page, count), (struct slice){0});
    }
}

static void put_limits(const struct page *page, int form, const struct dataset_limits *limits)
{
    if (form == DATASET_FORM_excel_csv) {
        put_limit(page, STRING_limit_guarded, limits->guarded);
    } else if (form == DATASET_FORM_xlsx) {
        put_limit(page, STRING_limit_early_dates, limits->early_dates);
        put_limit(page, STRING_limit_long_numbers, limits->long_numbers);
        put_limit(page, STRING_limit_cut_texts, limits->cut_texts);
        put_limit(page, STRING_limit_sheets, limits->sheets > 1 ? limits->sheets : 0);
    }
}

/* Why there is no file in CP932. */
static void add_lost(const struct page *page, const struct dataset_limits *limits)
{
    struct slice list = {0};
    for (int i = 0; i < limits->lost_count; i++) {
        struct slice space = i > 0 ? SLICE(" ") : SLICE("");
        list = ARENA_JOIN(page->arena, list, space, limits->lost[i]);
    }
    struct slice more = limits->has_more_lost ? SLICE(" …") : SLICE("");
    if (list.length > 0) {
        dictionary_set(page->content, NAME_dataset_LOST,
                       html_pattern(page, STRING_limit_lost,
                                    html_text(page, ARENA_JOIN(page->arena, list, more)),
                                    (struct slice){0}));
    }
}

static void add_api(const struct page *page, const struct dataset *dataset)
{
    struct slice address = api_page_address(dataset, 1, page->arena);
    if (api_is_asked(dataset) && page_knows(page, address)) {
        add_link(page->content, NAME_dataset_DOWNLOAD, html_string(page, STRING_api),
                 page_url(page, address), html_string(page, STRING_api_about));
    }
}

void add_all_files(const struct page *page, const struct dataset *dataset)
{
    if (!page->render->options.everything) {
        return;
    }
    struct dataset_limits limits;
    bool is_lossy = result_of(page, dataset, DATASET_FORM_cp932_csv) == NULL;
    dataset_limits(dataset, is_lossy, page->arena, &limits);
    for (int form = 0; form < DATASET_FORMS; form++) {
        const struct artefact_result *result = result_of(page, dataset, form);
        if (result == NULL) {
            continue;
        }
        ptrdiff_t start = markup_begin(page);
        put_text(page, text_size(page, result->size));
        PUT(page, " · ");
        put_text(page, dataset_form((enum dataset_form_id)form)->about[page->labels]);
        put_limits(page, form, &limits);
        add_file(page, page->content, NAME_dataset_DOWNLOAD, dataset, form,
                 markup_end(page, start));
    }
    add_api(page, dataset);
    add_lost(page, &limits);
}
