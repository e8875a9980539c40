/*
 * The test sheet for JIS X 8341-3:2016: pages chosen by the standard's method (those that stand for
 * each kind, and others at random), all criteria of levels A and AA, and what this program itself
 * can say of them. Results are for people to fill in; until then nothing is claimed.
 */
#include "pages.h"
#include "principles.h"

/** Kinds of page that have a place in a sheet, and pages at random beside them. */
#define KINDS_MOST 40
#define RANDOM_PAGES 25
#define SHEET_FILE "accessibility-test/sheet.csv"

enum check { CHECK_NONE, CHECK_MADE, CHECK_PICTURES, CHECK_STRUCTURE, CHECK_TITLES, CHECK_LINKS };

struct criterion {
    const char *number;
    const char *level;
    const char *name[INTERFACE_LANGUAGES];
    enum check check;
    const char *about[INTERFACE_LANGUAGES];
};

static const struct criterion criteria[] = {
#define CRITERION(number, level, ja, en, check, about_ja, about_en) \
    {number, level, {ja, en}, CHECK_##check, {about_ja, about_en}},
#include "criteria.def"
#undef CRITERION
};
enum { CRITERIA = sizeof(criteria) / sizeof(criteria[0]) };

/* ---- The sample ---- */

struct pick {
    const struct artefact *artefact;
    uint64_t hash; /* of its address: an order that nobody chose, and that stays */
    bool stands_for_kind;
};
struct sample {
    struct pick picks[KINDS_MOST + RANDOM_PAGES];
    int count;
};

static bool is_candidate(const struct artefact *artefact, int language)
{
    return artefact->group == GROUP_PAGE && artefact->is_listed && artefact->language == language;
}

/* Among the pages at random, which begin at `first`: those of the smallest hashes, sorted. */
static void offer(struct sample *sample, int first, const struct pick *pick)
{
    int at = sample->count;
    if (at == first + RANDOM_PAGES) {
        if (sample->picks[at - 1].hash <= pick->hash) {
            return;
        }
        at--;
    } else {
        sample->count++;
    }
    for (; at > first && sample->picks[at - 1].hash > pick->hash; at--) {
        sample->picks[at] = sample->picks[at - 1];
    }
    sample->picks[at] = *pick;
}

/* Of each kind of page the one of the smallest hash. A kind is what one function makes. */
static void choose_kinds(const struct render *render, int language, struct sample *sample)
{
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        const struct artefact *artefact = &render->plan.data[i];
        if (!is_candidate(artefact, language)) {
            continue;
        }
        struct pick pick = {artefact, hash_64(artefact->address), true};
        int kind = 0;
        while (kind < sample->count && sample->picks[kind].artefact->make != artefact->make) {
            kind++;
        }
        if (kind == sample->count && kind < KINDS_MOST) {
            sample->picks[sample->count++] = pick;
        } else if (kind < sample->count && pick.hash < sample->picks[kind].hash) {
            sample->picks[kind] = pick;
        }
    }
}

static bool is_chosen(const struct sample *sample, int kinds, const struct artefact *artefact)
{
    for (int i = 0; i < kinds; i++) {
        if (sample->picks[i].artefact == artefact) {
            return true;
        }
    }
    return false;
}

static void choose(const struct render *render, int language, struct sample *sample)
{
    choose_kinds(render, language, sample);
    int kinds = sample->count;
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        const struct artefact *artefact = &render->plan.data[i];
        if (is_candidate(artefact, language) && !is_chosen(sample, kinds, artefact)) {
            offer(sample, kinds, &(struct pick){artefact, hash_64(artefact->address), false});
        }
    }
}

static struct slice folder_of(const struct artefact *artefact)
{
    struct slice address = artefact->address;
    return slice_ends_with(address, SLICE("index.html"))
               ? slice_sub(address, 0, address.length - 10)
               : address;
}

/* ---- What people found ---- */

/** The register `accessibility-results`: the file to fill in, given back. A row's result is empty
 * until somebody has tested. */
struct results {
    const struct table *table; /* NULL: the site keeps none */
    int page, criterion, result, date, tester, note;
    struct map rows; /* "<criterion> <page below the site>" -> row + 1 */
};

static struct slice result_cell(const struct results *results, ptrdiff_t row, int column)
{
    if (column < 0 || results->table->columns[column].is_private) {
        return (struct slice){0};
    }
    return table_cell(results->table, row, column);
}

static struct slice result_key(struct arena *arena, struct slice criterion, struct slice address)
{
    return ARENA_JOIN(arena, criterion, SLICE(" "), address);
}

static struct results read_results(const struct page *page)
{
    struct results results = {.table = site_table(page->site, SLICE("accessibility-results"))};
    if (!results.table) {
        return results;
    }
    const struct table *table = results.table;
    results.page = table_column_by_name(table, SLICE("page"));
    results.criterion = table_column_by_name(table, SLICE("criterion"));
    results.result = table_column_by_name(table, SLICE("result"));
    results.date = table_column_by_name(table, SLICE("date"));
    results.tester = table_column_by_name(table, SLICE("tester"));
    results.note = table_column_by_name(table, SLICE("note"));
    for (ptrdiff_t row = 0; row < table->row_count; row++) {
        struct slice address = result_cell(&results, row, results.page);
        if (slice_starts_with(address, page->site->base_url)) {
            address = slice_from(address, page->site->base_url.length);
        }
        bool is_new;
        map_insert(&results.rows, page->arena,
                   result_key(page->arena, result_cell(&results, row, results.criterion), address),
                   &is_new)
            ->value.integer = row;
    }
    return results;
}

/* How many pages got each result, by the codes of its list. Plain text. */
static struct slice people_result(const struct page *page, const struct results *results,
                                  struct slice criterion)
{
    const struct table *table = results->table;
    const struct codelist *codes =
        table && results->result >= 0 ? table->columns[results->result].codelist : NULL;
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; codes && i < codes->count; i++) {
        ptrdiff_t count = 0;
        for (ptrdiff_t row = 0; row < table->row_count; row++) {
            count += slice_equal(result_cell(results, row, results->criterion), criterion) &&
                             slice_equal(result_cell(results, row, results->result),
                                         codes->codes[i].code)
                         ? 1
                         : 0;
        }
        if (count > 0) {
            buffer_append(page->buffer, page->buffer->length > start ? SLICE(" · ") : SLICE(""));
            buffer_append(page->buffer, code_label(&codes->codes[i], page->text));
            buffer_append(page->buffer, SLICE(" "));
            put_integer(page, count);
        }
    }
    struct slice text = markup_end(page, start);
    return text.length > 0 ? text : page_string(page, STRING_test_not_yet);
}

/* ---- What the program counts ---- */

static ptrdiff_t count_findings(const struct render *render, const enum code *codes, int count)
{
    ptrdiff_t found = 0;
    for (ptrdiff_t i = 0; i < render->finding_count; i++) {
        for (int k = 0; k < count; k++) {
            found += render->findings[i].code == codes[k] ? 1 : 0;
        }
    }
    return found;
}

static ptrdiff_t count_same_titles(const struct site *site, int language, struct arena *arena)
{
    static const enum field_id titles[ITEM_KINDS] = {[ITEM_CASE] = FIELD_case_title,
                                                     [ITEM_PAGE] = FIELD_page_title,
                                                     [ITEM_NEWS] = FIELD_news_title,
                                                     [ITEM_MEETING] = FIELD_meeting_title};
    struct map seen = {0};
    ptrdiff_t found = 0;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            const struct item *item = &site->items[kind][i];
            bool is_new = true;
            if (item->versions[language].exists) {
                map_insert(&seen, arena, record_word(item->record, titles[kind], language, NULL),
                           &is_new);
            }
            found += is_new ? 0 : 1;
        }
    }
    return found;
}

static ptrdiff_t count_vague_links(const struct site *site, int language)
{
    ptrdiff_t found = 0;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i); /* what is known of a version lies with its item's record */
            found += site->items[kind][i].versions[language].vague_links;
        }
    }
    return found;
}

/* How many faults the program finds, or -1 where it counts none. */
static ptrdiff_t count_faults(const struct page *page, enum check check)
{
    static const enum code pictures[] = {CODE_picture_no_alternative};
    static const enum code structure[] = {CODE_heading_order, CODE_heading_title,
                                          CODE_markdown_heading_empty, CODE_markdown_table_header};
    switch (check) {
    case CHECK_PICTURES:
        return count_findings(page->render, pictures, 1);
    case CHECK_STRUCTURE:
        return count_findings(page->render, structure,
                              (int)(sizeof(structure) / sizeof(structure[0])));
    case CHECK_TITLES:
        return count_same_titles(page->site, page->language, page->arena);
    case CHECK_LINKS:
        return count_vague_links(page->site, page->language);
    case CHECK_NONE:
    case CHECK_MADE:
        break;
    }
    return -1;
}

/* Plain text. */
static struct slice automatic_result(const struct page *page, const struct criterion *criterion)
{
    struct slice about = slice_of(criterion->about[page->labels]);
    ptrdiff_t faults = count_faults(page, criterion->check);
    if (criterion->check == CHECK_NONE) {
        return page_string(page, STRING_test_people_only);
    }
    return faults < 0 ? about
                      : ARENA_JOIN(page->arena, about, SLICE(" "),
                                   pattern_text(page, STRING_test_faults,
                                                text_integer(page, faults), (struct slice){0}));
}

static struct slice criterion_name(const struct page *page, const struct criterion *criterion)
{
    return ARENA_JOIN(page->arena, slice_of(criterion->number), SLICE(" "),
                      slice_of(criterion->name[page->labels]));
}

/* ---- The page ---- */

static void add_text(struct page *page, struct slice id, enum string_id heading,
                     enum string_id text)
{
    struct dictionary *block = add_listed_block(page, id, html_string(page, heading));
    ptrdiff_t start = markup_begin(page);
    put_paragraphs(page, page_string(page, text), -1);
    add_prose(block, (struct slice){0}, markup_end(page, start));
}

static struct dictionary *add_sheet_table(struct page *page, struct slice id,
                                          enum string_id heading, const enum string_id *columns,
                                          int count)
{
    struct dictionary *block = add_listed_block(page, id, html_string(page, heading));
    struct dictionary *table = add_table(block, ARENA_JOIN(page->arena, id, SLICE("-table")),
                                         html_string(page, heading), true);
    dictionary_show(table, NAME_table_STACK, true);
    for (int i = 0; i < count; i++) {
        add_column(table, html_string(page, columns[i]), false);
    }
    return table;
}

static void add_criteria(struct page *page, const struct results *results)
{
    static const enum string_id columns[] = {STRING_test_criterion, STRING_test_level,
                                             STRING_test_automatic, STRING_test_result};
    struct dictionary *table =
        add_sheet_table(page, SLICE("criteria"), STRING_test_criteria, columns, 4);
    for (int i = 0; i < CRITERIA; i++) {
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_text(page, criterion_name(page, &criteria[i])), true, false);
        add_labelled_cell(row, html_text(page, slice_of(criteria[i].level)),
                          page_string(page, columns[1]));
        add_labelled_cell(row, html_text(page, automatic_result(page, &criteria[i])),
                          page_string(page, columns[2]));
        add_labelled_cell(
            row, html_text(page, people_result(page, results, slice_of(criteria[i].number))),
            page_string(page, columns[3]));
    }
}

static void add_sample(struct page *page, const struct sample *sample)
{
    static const enum string_id columns[] = {STRING_test_page, STRING_test_chosen};
    struct dictionary *table = add_sheet_table(page, SLICE("pages"), STRING_test_pages, columns, 2);
    for (int i = 0; i < sample->count; i++) {
        struct slice address = folder_of(sample->picks[i].artefact);
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        ptrdiff_t start = markup_begin(page);
        put_html(page, text_digits(page, i + 1));
        PUT(page, " ");
        put_link(page, address, html_text(page, ARENA_JOIN(page->arena, SLICE("/"), address)));
        add_cell(row, markup_end(page, start), true, false);
        add_labelled_cell(row,
                          html_string(page, sample->picks[i].stands_for_kind
                                                ? STRING_test_representative
                                                : STRING_test_random),
                          page_string(page, columns[1]));
    }
}

bool make_test_sheet(const struct render *render, const struct artefact *artefact,
                     struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct sample sample = {.count = 0};
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article, artefact->language);
    choose(render, page.language, &sample);
    page_alternates(&page, page_rest(&page), NULL);
    struct slice title = page_string(&page, STRING_test_title);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(page.site, page.language, page.arena));
    page_crumb(&page, html_text(&page, title), (struct slice){0});
    dictionary_set(page.content, NAME_article_TITLE, html_text(&page, title));
    ptrdiff_t start = markup_begin(&page);
    put_paragraphs(&page, page_string(&page, STRING_test_lead), -1);
    dictionary_set(page.content, NAME_article_SUMMARY, markup_end(&page, start));
    add_text(&page, SLICE("method"), STRING_test_method, STRING_test_method_text);
    struct results results = read_results(&page);
    add_criteria(&page, &results);
    add_sample(&page, &sample);
    add_more(&page, address_in_language(page.site, page.language, SLICE(SHEET_FILE), page.arena),
             html_string(&page, STRING_test_download));
    page_end(&page, title, page_string(&page, STRING_test_lead), out);
    return true;
}

/* ---- The file to fill in ---- */

static void put_row(struct buffer *out, const struct slice *cells, int count)
{
    for (int i = 0; i < count; i++) {
        buffer_append(out, i > 0 ? SLICE(",") : SLICE(""));
        escape_csv_field(out, cells[i]);
    }
    buffer_append_literal(out, "\r\n");
}

bool make_test_sheet_file(const struct render *render, const struct artefact *artefact,
                          struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    /* The columns of the register, so that the file can be given back as it is. */
    enum { COLUMNS = 9 };
    static const struct slice columns[COLUMNS] = {{"page", 4},  {"criterion", 9}, {"name", 4},
                                                  {"level", 5}, {"automatic", 9}, {"result", 6},
                                                  {"date", 4},  {"tester", 6},    {"note", 4}};
    struct sample sample = {.count = 0};
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article, artefact->language);
    choose(render, page.language, &sample);
    buffer_append_literal(out, "\xEF\xBB\xBF"); /* so that Excel reads it as UTF-8 */
    put_row(out, columns, COLUMNS);
    struct results results = read_results(&page);
    struct slice automatic[CRITERIA];
    for (int i = 0; i < CRITERIA; i++) {
        automatic[i] = automatic_result(&page, &criteria[i]);
    }
    for (int p = 0; p < sample.count; p++) {
        for (int i = 0; i < CRITERIA; i++) {
            struct slice address = folder_of(sample.picks[p].artefact);
            struct slice number = slice_of(criteria[i].number);
            const struct map_entry *known =
                map_find(&results.rows, result_key(page.arena, number, address));
            struct slice row[COLUMNS] = {ARENA_JOIN(page.arena, page.site->base_url, address),
                                         number, slice_of(criteria[i].name[page.labels]),
                                         slice_of(criteria[i].level), automatic[i]};
            if (known) {
                row[5] = result_cell(&results, known->value.integer, results.result);
                row[6] = result_cell(&results, known->value.integer, results.date);
                row[7] = result_cell(&results, known->value.integer, results.tester);
                row[8] = result_cell(&results, known->value.integer, results.note);
            }
            put_row(out, row, COLUMNS);
        }
    }
    return true;
}
