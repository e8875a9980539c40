#include "about.h"

struct telling {
    const struct dataset *dataset;
    struct arena *arena;
    VECTOR(struct about_line) lines;
};

/* Values are empty: the caller fills them. */
static struct about_line *add_line(struct telling *telling, struct slice item, struct slice ja,
                                   struct slice en)
{
    struct about_line *line = VECTOR_PUSH(telling->arena, &telling->lines);
    line->item = item;
    line->label[INTERFACE_JAPANESE] = ja;
    line->label[INTERFACE_ENGLISH] = en;
    return line;
}

static void add_words(struct telling *telling, struct slice item, struct slice ja, struct slice en,
                      const struct slice *words)
{
    if (words[0].length == 0) {
        return;
    }
    struct about_line *line = add_line(telling, item, ja, en);
    for (int i = 0; i < telling->dataset->site->language_count; i++) {
        line->value[i] = words[i];
    }
}

static void add_fact(struct telling *telling, struct slice item, struct slice ja, struct slice en,
                     struct slice value)
{
    struct slice words[MODEL_LANGUAGES_MOST];
    for (int i = 0; i < MODEL_LANGUAGES_MOST; i++) {
        words[i] = value;
    }
    add_words(telling, item, ja, en, words);
}

static void add_record_words(struct telling *telling, struct slice item, struct slice ja,
                             struct slice en, const struct record *record, enum field_id field)
{
    struct slice words[MODEL_LANGUAGES_MOST] = {0};
    for (int i = 0; i < telling->dataset->site->language_count; i++) {
        words[i] = record_word(record, field, i, NULL);
    }
    add_words(telling, item, ja, en, words);
}

static void add_page(struct telling *telling)
{
    const struct site *site = telling->dataset->site;
    struct slice words[MODEL_LANGUAGES_MOST] = {0};
    for (int i = 0; i < site->language_count; i++) {
        words[i] = ARENA_JOIN(telling->arena, site->base_url, site->languages[i].tag,
                              SLICE("/data/"), telling->dataset->name, SLICE("/"));
    }
    add_words(telling, SLICE("page"), SLICE("このデータのページ"), SLICE("Page of this data"),
              words);
}

static const struct node *member(const struct dataset *dataset, const char *name)
{
    const struct node *node =
        dataset->table != NULL ? node_get(dataset->table->descriptor, name) : NULL;
    return node != NULL && node->kind == NODE_SEQUENCE ? node->first : NULL;
}

static void add_sources(struct telling *telling)
{
    for (const struct node *source = member(telling->dataset, "sources"); source != NULL;
         source = source->next) {
        const struct node *title = node_get(source, "title");
        const struct node *path = node_get(source, "path");
        struct slice space = title != NULL && path != NULL ? SLICE(" ") : SLICE("");
        add_fact(telling, SLICE("source"), SLICE("出典"), SLICE("Source"),
                 ARENA_JOIN(telling->arena, title != NULL ? title->text : SLICE(""), space,
                            path != NULL ? path->text : SLICE("")));
    }
}

static void add_history(struct telling *telling)
{
    const struct site *site = telling->dataset->site;
    for (const struct node *entry = member(telling->dataset, "kyodo:history"); entry != NULL;
         entry = entry->next) {
        const struct node *date = node_get(entry, "date");
        const struct node *notes = node_get(entry, "note");
        struct slice words[MODEL_LANGUAGES_MOST] = {0};
        for (int i = 0; i < site->language_count && date != NULL; i++) {
            const struct node *note = node_get_slice(notes, site->languages[i].tag);
            words[i] = ARENA_JOIN(telling->arena, date->text, SLICE(" "),
                                  note != NULL ? note->text : SLICE(""));
        }
        add_words(telling, SLICE("history"), SLICE("更新の履歴"), SLICE("History"), words);
    }
}

const struct about_line *about_lines(const struct dataset *dataset, ptrdiff_t *count,
                                     struct arena *arena)
{
    const struct site *site = dataset->site;
    const struct record *publisher = record_group(site->config, FIELD_site_publisher);
    const struct record *licence = record_group(site->config, FIELD_site_licence);
    struct telling telling = {.dataset = dataset, .arena = arena};
    add_words(&telling, SLICE("title"), SLICE("名称"), SLICE("Title"), dataset->labels);
    add_words(&telling, SLICE("description"), SLICE("説明"), SLICE("Description"),
              dataset->descriptions);
    add_record_words(&telling, SLICE("publisher"), SLICE("公開者"), SLICE("Publisher"), publisher,
                     FIELD_publisher_name);
    add_fact(&telling, SLICE("updated"), SLICE("更新日"), SLICE("Updated"),
             date_iso(arena, dataset->updated));
    add_fact(&telling, SLICE("rows"), SLICE("行数"), SLICE("Rows"),
             arena_format(arena, "%td", dataset->row_count));
    add_page(&telling);
    add_record_words(&telling, SLICE("licence"), SLICE("利用条件"), SLICE("Licence"), licence,
                     FIELD_licence_name);
    add_fact(&telling, SLICE("licence_url"), SLICE("利用条件のURL"), SLICE("URL of the licence"),
             record_text(licence, FIELD_licence_url));
    add_record_words(&telling, SLICE("attribution"), SLICE("出典の書き方"),
                     SLICE("How to name the source"), licence, FIELD_licence_attribution);
    add_sources(&telling);
    add_history(&telling);
    *count = telling.lines.length;
    return telling.lines.data;
}
