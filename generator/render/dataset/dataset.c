/* Forms of a dataset by their table, the plan of their files, and going through rows. */
#include "api.h"
#include "forms.h"
#include "list_file.h"

/* ---- What there is ---- */

bool dataset_is_cases(const struct dataset *dataset)
{
    return slice_equal(dataset->name, DATASET_CASES);
}

static const struct dataset *make_dataset_of(struct render *render, int number)
{
    struct arena *arena = &render->arena;
    struct dataset *dataset = NULL;
    if (number == 0) {
        dataset = dataset_of_cases(render->site, arena);
        dataset->kept = render->kept_cases;
    } else if (number == DATASETS_MADE - 1) {
        dataset = render->upkeep == NULL
                      ? NULL
                      : dataset_of_translations(render->site, render->upkeep, arena);
    } else if (render->evidence != NULL) {
        dataset =
            dataset_of_principles(render->evidence, (enum derived_dataset)(number - 1), arena);
    }
    bool is_taken = dataset != NULL && site_table(render->site, dataset->name) != NULL;
    return is_taken ? NULL : dataset;
}

void datasets_make(struct render *render)
{
    if (render->options.everything) {
        render->kept_cases =
            kept_rows_new(render->site->item_counts[ITEM_CASE], render->options.temporary);
    }
    render->datasets_made = ARENA_ARRAY(&render->arena, const struct dataset *, DATASETS_MADE);
    for (int number = 0; number < DATASETS_MADE; number++) {
        render->datasets_made[number] = make_dataset_of(render, number);
    }
}

const struct dataset *dataset_made(const struct render *render, int number)
{
    CHECK(number >= 0 && number < DATASETS_MADE);
    return render->datasets_made[number];
}

const struct dataset **datasets_of_site(const struct render *render, struct arena *arena,
                                        ptrdiff_t *count)
{
    const struct site *site = render->site;
    const struct dataset **datasets =
        ARENA_ARRAY(arena, const struct dataset *, site->table_count + DATASETS_MADE);
    *count = 0;
    for (int number = 0; number < DATASETS_MADE; number++) {
        const struct dataset *dataset = dataset_made(render, number);
        if (dataset != NULL) {
            datasets[(*count)++] = dataset;
        }
    }
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        datasets[(*count)++] = dataset_of_table(site, &site->tables[i], arena);
    }
    return datasets;
}

/* ---- What is made ---- */

void dataset_set_words(struct dataset *dataset, const char *const label[INTERFACE_LANGUAGES],
                       const char *const about[INTERFACE_LANGUAGES])
{
    for (int i = 0; i < dataset->site->language_count; i++) {
        enum interface_language interface = site_interface_language(dataset->site, i);
        dataset->labels[i] = slice_of(label[interface]);
        dataset->descriptions[i] = slice_of(about[interface]);
    }
}

static void add_in_language(struct dataset *dataset, const struct made_column *made, int index,
                            int language, struct arena *arena)
{
    const struct site *site = dataset->site;
    struct dataset_column *column = &dataset->columns[dataset->column_count++];
    struct slice name = slice_of(made->name);
    *column = (struct dataset_column){.name = name,
                                      .type = made->type,
                                      .delimiter = made->type == COLUMN_LIST ? ';' : '\0',
                                      .is_required = slice_equal(name, SLICE("id")),
                                      .index = index,
                                      .language = language};
    if (language > 0) {
        column->name = ARENA_JOIN(arena, name, SLICE("_"), site->languages[language].tag);
    }
    column->json_key = json_key_text(column->name, arena);
    if (made->codelist[0] != '\0') {
        column->codelist = site_codelist(site, slice_of(made->codelist));
    }
    for (int i = 0; i < site->language_count; i++) {
        enum interface_language interface = site_interface_language(site, i);
        struct slice label = slice_of(made->label[interface]);
        column->labels[i] = language <= 0 ? label
                                          : ARENA_JOIN(arena, label, SLICE(" ("),
                                                       site->languages[language].name, SLICE(")"));
        column->descriptions[i] = slice_of(made->about[interface]);
    }
}

void dataset_add_column(struct dataset *dataset, const struct made_column *made, int index,
                        struct arena *arena)
{
    int count = made->has_words ? dataset->site->language_count : 1;
    for (int language = 0; language < count; language++) {
        add_in_language(dataset, made, index, made->has_words ? language : -1, arena);
    }
}

/* ---- Looking ---- */

int dataset_column_by_name(const struct dataset *dataset, struct slice name)
{
    for (int i = 0; i < dataset->column_count; i++) {
        if (slice_equal(dataset->columns[i].name, name)) {
            return i;
        }
    }
    return -1;
}

int dataset_key(const struct dataset *dataset)
{
    const struct table *table = dataset->table;
    if (table == NULL) {
        return dataset_column_by_name(dataset, SLICE("id"));
    }
    return table->key_column < 0
               ? -1
               : dataset_column_by_name(dataset, table->columns[table->key_column].name);
}

int dataset_title(const struct dataset *dataset)
{
    const struct table *table = dataset->table;
    int title = -1;
    if (table == NULL) {
        title = dataset_column_by_name(dataset, SLICE("title"));
    } else if (table->title_column >= 0) {
        title = dataset_column_by_name(dataset, table->columns[table->title_column].name);
    }
    return title >= 0 ? title : dataset_key(dataset);
}

bool dataset_shows_codelist(const struct dataset *dataset, int column)
{
    const struct codelist *list = dataset->columns[column].codelist;
    for (int i = 0; i < column; i++) {
        if (dataset->columns[i].codelist == list) {
            return false;
        }
    }
    return list != NULL;
}

static int number_column(const struct dataset *dataset, const char *name)
{
    int column = dataset_column_by_name(dataset, slice_of(name));
    return column >= 0 && dataset->columns[column].type == COLUMN_NUMBER ? column : -1;
}

/* TopoJSON is a geojson column's other format, and none of GeoJSON. */
static int column_of_type(const struct dataset *dataset, enum column_type type)
{
    for (int i = 0; i < dataset->column_count; i++) {
        const struct dataset_column *column = &dataset->columns[i];
        if (column->type != type || column->is_original || column->of == NULL) {
            continue;
        }
        const struct node *format = node_get(column->of->descriptor, "format");
        if (format == NULL || !slice_equal(format->text, SLICE("topojson"))) {
            return i;
        }
    }
    return -1;
}

struct places dataset_places(const struct dataset *dataset)
{
    static const char *const names[][2] = {{"latitude", "longitude"}, {"緯度", "経度"}};
    struct places places = {.geometry = column_of_type(dataset, COLUMN_GEOJSON),
                            .point = -1,
                            .latitude = -1,
                            .longitude = -1};
    if (places.geometry < 0) {
        places.point = column_of_type(dataset, COLUMN_GEOPOINT);
    }
    bool is_found = places.geometry >= 0 || places.point >= 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !is_found; i++) {
        int latitude = number_column(dataset, names[i][0]);
        int longitude = number_column(dataset, names[i][1]);
        is_found = latitude >= 0 && longitude >= 0;
        places.latitude = is_found ? latitude : -1;
        places.longitude = is_found ? longitude : -1;
    }
    return places;
}

bool dataset_has_places(const struct dataset *dataset)
{
    struct places places = dataset_places(dataset);
    return places.geometry >= 0 || places.point >= 0 || places.latitude >= 0;
}

struct date dataset_later(struct date a, struct date b)
{
    if (a.precision == DATE_NONE || b.precision == DATE_NONE) {
        return a.precision == DATE_NONE ? b : a;
    }
    return date_first_day(b) > date_first_day(a) ? b : a;
}

struct slice dataset_type_name(enum column_type type)
{
    static const char *const names[] = {
        [COLUMN_STRING] = "string",       [COLUMN_INTEGER] = "integer",
        [COLUMN_NUMBER] = "number",       [COLUMN_BOOLEAN] = "boolean",
        [COLUMN_DATE] = "date",           [COLUMN_YEAR] = "year",
        [COLUMN_YEARMONTH] = "yearmonth", [COLUMN_TIME] = "time",
        [COLUMN_DATETIME] = "datetime",   [COLUMN_LIST] = "list",
        [COLUMN_OBJECT] = "object",       [COLUMN_ARRAY] = "array",
        [COLUMN_GEOJSON] = "geojson",     [COLUMN_GEOPOINT] = "geopoint",
        [COLUMN_DURATION] = "duration",   [COLUMN_ANY] = "any",
    };
    return slice_of(names[type]);
}

/* ---- The table of forms ---- */

#define CONSTANT(literal)                         \
    {                                             \
        (literal), (ptrdiff_t)sizeof(literal) - 1 \
    }

const struct dataset_form *dataset_form(enum dataset_form_id form)
{
    static const struct dataset_form forms[DATASET_FORMS] = {
#define FORMAT(identifier, offer_, suffix_, media, compressible_, ja, en, about_ja, about_en) \
    [DATASET_FORM_##identifier] = {.offer = OFFER_##offer_,                                   \
                                   .suffix = CONSTANT(suffix_),                               \
                                   .media_type = CONSTANT(media),                             \
                                   .label = {CONSTANT(ja), CONSTANT(en)},                     \
                                   .about = {CONSTANT(about_ja), CONSTANT(about_en)},         \
                                   .compressible = (compressible_),                           \
                                   .make = form_##identifier},
#include "formats.def"
#undef FORMAT
    };
    CHECK((int)form >= 0 && form < DATASET_FORMS);
    return &forms[form];
}

bool dataset_offers(const struct dataset *dataset, enum dataset_form_id form)
{
    switch (dataset_form(form)->offer) {
    case OFFER_ALWAYS:
    case OFFER_LOSSLESS:
        return true;
    case OFFER_CASES:
        return dataset_is_cases(dataset);
    case OFFER_PLACES:
        return dataset_has_places(dataset);
    }
    BUG("no such offer");
}

struct slice dataset_address(struct slice dataset, enum dataset_form_id form, struct arena *arena)
{
    return ARENA_JOIN(arena, SLICE("data/"), dataset, dataset_form(form)->suffix);
}

/* ---- Plan ---- */

/* A workbook takes about so many times as long as a text form, and must not be left to the end. */
#define WORKBOOK_EFFORT 8

static bool make_form(const struct render *render, const struct artefact *artefact,
                      struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    const struct dataset_form *form = dataset_form((enum dataset_form_id)artefact->number);
    return form->make(render, artefact->subject, worker, out, diag);
}

int64_t dataset_effort(const struct dataset *dataset)
{
    return (int64_t)dataset->row_count * dataset->column_count;
}

static void plan_dataset(struct render *render, const struct dataset *dataset)
{
    for (int form = 0; form < DATASET_FORMS; form++) {
        if (!dataset_offers(dataset, (enum dataset_form_id)form)) {
            continue;
        }
        struct slice address =
            dataset_address(dataset->name, (enum dataset_form_id)form, &render->arena);
        const struct dataset_form *info = dataset_form((enum dataset_form_id)form);
        struct artefact *artefact =
            plan_add(render, address, GROUP_DATA, PHASE_DATA, info->compressible, make_form);
        artefact->subject = dataset;
        artefact->number = form;
        artefact->effort = dataset_effort(dataset);
        if (form == DATASET_FORM_xlsx) {
            artefact->effort *= WORKBOOK_EFFORT;
        }
        artefact->may_be_absent = info->offer == OFFER_LOSSLESS;
        /* The address of a register's row depends on which texts there are. */
        artefact->inputs = dataset->table != NULL
                               ? INPUT_DATA | INPUT_OTHER_FACES | INPUT_DATA_FINDINGS
                               : INPUT_DATA | INPUT_TEXTS | INPUT_FINDINGS;
    }
}

void dataset_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    ptrdiff_t count;
    const struct dataset **datasets = datasets_of_site(render, &render->arena, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        plan_dataset(render, datasets[i]);
        api_plan(render, datasets[i]);
    }
    list_files_plan(render);
}

/* ---- Rows ---- */

void dataset_rows(const struct dataset *dataset, dataset_visit visit, void *context)
{
    /* Rows are let go one by one, so that a table of any length needs no more memory than its
     * longest row. */
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    struct slice *cells = calloc((size_t)dataset->column_count + 1, sizeof(*cells));
    if (cells == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*cells) * dataset->column_count);
    }
    for (ptrdiff_t row = 0; row < dataset->row_count; row++) {
        site_pass(dataset->site, row);
        dataset->row(dataset, row, &scratch, cells);
        visit(context, row, cells);
        arena_clear(&scratch);
    }
    free(cells);
    arena_release(&scratch);
}
