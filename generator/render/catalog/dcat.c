/*
 * The catalogue as DCAT 3, with what DCAT-AP 3.0.1 asks for: a dataset each, a distribution for
 * each of its files with size and SHA-256. Words in every language of the site.
 *
 * What is described is named by a fragment of catalog.ttl, where it is told of.
 */
#include "catalog_files.h"
#include "triples.h"

struct telling {
    struct triples triples;
    const struct render *render;
    const struct site *site;
    struct arena *arena;
    struct slice publisher, contact, licence;
};

static struct slice absolute(const struct telling *telling, struct slice address)
{
    return triples_iri(ARENA_JOIN(telling->arena, telling->site->base_url, address),
                       telling->arena);
}

static struct slice named(const struct telling *telling, struct slice name, struct slice rest)
{
    return absolute(telling, ARENA_JOIN(telling->arena, SLICE("data/catalog.ttl#"), name, rest));
}

static void add_words(struct telling *telling, struct slice subject, const char *predicate,
                      const struct slice *words)
{
    for (int i = 0; i < telling->site->language_count; i++) {
        triples_add_text(&telling->triples, subject, predicate, words[i],
                         telling->site->languages[i].tag);
    }
}

static void add_record_words(struct telling *telling, struct slice subject, const char *predicate,
                             const struct record *record, enum field_id field)
{
    struct slice words[MODEL_LANGUAGES_MOST] = {0};
    for (int i = 0; i < telling->site->language_count; i++) {
        words[i] = record_word(record, field, i, NULL);
    }
    add_words(telling, subject, predicate, words);
}

static struct slice language_iri(const struct telling *telling, int language)
{
    struct slice tag = telling->site->languages[language].tag;
    return triples_iri(
        ARENA_JOIN(telling->arena, SLICE("http://lexvo.org/id/iso639-1/"), slice_cut(&tag, '-')),
        telling->arena);
}

static void add_languages(struct telling *telling, struct slice subject)
{
    for (int i = 0; i < telling->site->language_count; i++) {
        triples_add_iri(&telling->triples, subject, "dct:language", language_iri(telling, i));
    }
}

/* ---- Files ---- */

static struct slice media_type_iri(const struct telling *telling, struct slice media_type)
{
    struct slice rest = media_type;
    return triples_iri(ARENA_JOIN(telling->arena,
                                  SLICE("https://www.iana.org/assignments/media-types/"),
                                  slice_trim(slice_cut(&rest, ';'))),
                       telling->arena);
}

static bool is_registered(struct slice media_type)
{
    return slice_find(media_type, SLICE("/x-"), 0) < 0;
}

static struct slice file_name(const struct telling *telling, const struct dataset *dataset,
                              int form)
{
    struct slice address =
        dataset_address(dataset->name, (enum dataset_form_id)form, telling->arena);
    return slice_from(address, (ptrdiff_t)sizeof("data/") - 1);
}

static const struct artefact_result *result_of(const struct telling *telling,
                                               const struct dataset *dataset, int form)
{
    return render_result(telling->render, dataset_address(dataset->name, (enum dataset_form_id)form,
                                                          telling->arena));
}

static void add_checksum(struct telling *telling, struct slice subject,
                         const struct artefact_result *result)
{
    struct triples *triples = &telling->triples;
    triples_add_class(triples, subject, "spdx:Checksum");
    triples_add_iri(triples, subject, "spdx:algorithm",
                    SLICE("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"));
    triples_add_typed(triples, subject, "spdx:checksumValue",
                      sha256_hex(telling->arena, &result->digest), "xsd:hexBinary");
}

static void add_file(struct telling *telling, const struct dataset *dataset, int form)
{
    const struct artefact_result *result = result_of(telling, dataset, form);
    if (result == NULL) {
        return;
    }
    const struct dataset_form *info = dataset_form((enum dataset_form_id)form);
    struct triples *triples = &telling->triples;
    struct slice name = file_name(telling, dataset, form);
    struct slice subject = named(telling, SLICE("file-"), name);
    struct slice checksum = named(telling, SLICE("sha256-"), name);
    struct slice url = absolute(telling, ARENA_JOIN(telling->arena, SLICE("data/"), name));
    struct slice words[MODEL_LANGUAGES_MOST] = {0};
    triples_add_class(triples, subject, "dcat:Distribution");
    for (int i = 0; i < telling->site->language_count; i++) {
        words[i] = info->label[site_interface_language(telling->site, i)];
    }
    add_words(telling, subject, "dct:title", words);
    for (int i = 0; i < telling->site->language_count; i++) {
        words[i] = info->about[site_interface_language(telling->site, i)];
    }
    add_words(telling, subject, "dct:description", words);
    triples_add_iri(triples, subject, "dcat:accessURL", url);
    triples_add_iri(triples, subject, "dcat:downloadURL", url);
    if (is_registered(info->media_type)) {
        triples_add_iri(triples, subject, "dcat:mediaType",
                        media_type_iri(telling, info->media_type));
    }
    triples_add_typed(triples, subject, "dcat:byteSize",
                      arena_format(telling->arena, "%lld", (long long)result->size),
                      "xsd:nonNegativeInteger");
    triples_add_iri(triples, subject, "dct:license", telling->licence);
    triples_add_iri(triples, subject, "spdx:checksum", checksum);
    add_checksum(telling, checksum, result);
}

/* ---- Datasets ---- */

static struct slice landing_page(const struct telling *telling, const struct dataset *dataset,
                                 int language)
{
    return absolute(telling, ARENA_JOIN(telling->arena, telling->site->languages[language].tag,
                                        SLICE("/data/"), dataset->name, SLICE("/")));
}

static void add_dataset(struct telling *telling, const struct dataset *dataset)
{
    const struct site *site = telling->site;
    struct triples *triples = &telling->triples;
    struct slice subject = named(telling, SLICE("dataset-"), dataset->name);
    struct slice name[MODEL_LANGUAGES_MOST] = {dataset->name};
    const struct slice *labels = dataset->labels[0].length > 0 ? dataset->labels : name;
    bool is_described = dataset->descriptions[0].length > 0;
    triples_add_class(triples, subject, "dcat:Dataset");
    add_words(telling, subject, "dct:title", labels);
    add_words(telling, subject, "dct:description", is_described ? dataset->descriptions : labels);
    triples_add_text(triples, subject, "dct:identifier", dataset->name, SLICE(""));
    if (dataset->updated.precision == DATE_DAY) {
        triples_add_typed(triples, subject, "dct:modified",
                          date_iso(telling->arena, dataset->updated), "xsd:date");
    }
    triples_add_iri(triples, subject, "dct:publisher", telling->publisher);
    triples_add_iri(triples, subject, "dcat:contactPoint", telling->contact);
    add_languages(telling, subject);
    for (int i = 0; i < site->language_count; i++) {
        triples_add_iri(triples, subject, "dcat:landingPage", landing_page(telling, dataset, i));
    }
    for (int form = 0; form < DATASET_FORMS; form++) {
        if (result_of(telling, dataset, form) != NULL) {
            triples_add_iri(triples, subject, "dcat:distribution",
                            named(telling, SLICE("file-"), file_name(telling, dataset, form)));
        }
    }
    for (int i = 0; i < site->language_count; i++) {
        triples_add_class(triples, landing_page(telling, dataset, i), "foaf:Document");
    }
    for (int form = 0; form < DATASET_FORMS; form++) {
        add_file(telling, dataset, form);
    }
}

/* ---- The catalogue, and what all of them point at ---- */

static void add_people(struct telling *telling)
{
    const struct site *site = telling->site;
    const struct record *publisher = record_group(site->config, FIELD_site_publisher);
    const struct record *contact = record_group(site->config, FIELD_site_contact);
    struct triples *triples = &telling->triples;
    triples_add_class(triples, telling->publisher, "foaf:Agent");
    add_record_words(telling, telling->publisher, "foaf:name", publisher, FIELD_publisher_name);
    triples_add_class(triples, telling->contact, "vcard:Kind");
    add_record_words(telling, telling->contact, "vcard:fn", publisher, FIELD_publisher_name);
    struct slice email = record_text(contact, FIELD_contact_email);
    if (email.length > 0) {
        triples_add_iri(
            triples, telling->contact, "vcard:hasEmail",
            triples_iri(ARENA_JOIN(telling->arena, SLICE("mailto:"), email), telling->arena));
    }
    struct slice url = record_text(contact, FIELD_contact_url);
    if (url.length > 0) {
        triples_add_iri(triples, telling->contact, "vcard:hasURL",
                        triples_iri(url, telling->arena));
    }
}

static void add_classes(struct telling *telling)
{
    struct triples *triples = &telling->triples;
    const struct record *licence = record_group(telling->site->config, FIELD_site_licence);
    triples_add_class(triples, telling->licence, "dct:LicenseDocument");
    add_record_words(telling, telling->licence, "dct:title", licence, FIELD_licence_name);
    for (int i = 0; i < telling->site->language_count; i++) {
        triples_add_class(triples, language_iri(telling, i), "dct:LinguisticSystem");
    }
    for (int form = 0; form < DATASET_FORMS; form++) {
        struct slice media_type = dataset_form((enum dataset_form_id)form)->media_type;
        bool is_new = is_registered(media_type);
        for (int before = 0; before < form && is_new; before++) {
            struct slice other = dataset_form((enum dataset_form_id)before)->media_type;
            is_new =
                !slice_equal(media_type_iri(telling, other), media_type_iri(telling, media_type));
        }
        if (is_new) {
            triples_add_class(triples, media_type_iri(telling, media_type), "dct:MediaType");
        }
    }
    triples_add_class(triples, SLICE("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
                      "spdx:ChecksumAlgorithm");
    triples_add_class(triples, absolute(telling, SLICE("")), "foaf:Document");
}

static void add_catalog(struct telling *telling, const struct dataset **datasets, ptrdiff_t count)
{
    const struct site *site = telling->site;
    struct triples *triples = &telling->triples;
    struct slice subject = named(telling, SLICE("catalog"), SLICE(""));
    triples_add_class(triples, subject, "dcat:Catalog");
    add_record_words(telling, subject, "dct:title", site->config, FIELD_site_title);
    add_record_words(telling, subject, "dct:description", site->config, FIELD_site_tagline);
    triples_add_iri(triples, subject, "dct:publisher", telling->publisher);
    triples_add_iri(triples, subject, "dct:license", telling->licence);
    triples_add_typed(triples, subject, "dct:modified",
                      date_iso(telling->arena, site->reference_date), "xsd:date");
    add_languages(telling, subject);
    triples_add_iri(triples, subject, "foaf:homepage", absolute(telling, SLICE("")));
    for (ptrdiff_t i = 0; i < count; i++) {
        triples_add_iri(triples, subject, "dcat:dataset",
                        named(telling, SLICE("dataset-"), datasets[i]->name));
    }
}

static void tell(struct telling *telling, const struct render *render, struct arena *arena)
{
    const struct record *licence = record_group(render->site->config, FIELD_site_licence);
    *telling = (struct telling){
        .triples = {.arena = arena}, .render = render, .site = render->site, .arena = arena};
    telling->publisher = named(telling, SLICE("publisher"), SLICE(""));
    telling->contact = named(telling, SLICE("contact"), SLICE(""));
    telling->licence = triples_iri(record_text(licence, FIELD_licence_url), arena);
    ptrdiff_t count;
    const struct dataset **datasets = datasets_of_site(render, arena, &count);
    add_catalog(telling, datasets, count);
    add_people(telling);
    add_classes(telling);
    for (ptrdiff_t i = 0; i < count; i++) {
        add_dataset(telling, datasets[i]);
    }
}

bool catalog_turtle(const struct render *render, struct render_worker *worker, struct buffer *out,
                    struct diag *diag)
{
    (void)diag;
    struct telling telling;
    tell(&telling, render, &worker->scratch);
    triples_write_turtle(&telling.triples, out);
    return true;
}

bool catalog_jsonld(const struct render *render, struct render_worker *worker, struct buffer *out,
                    struct diag *diag)
{
    (void)diag;
    struct telling telling;
    tell(&telling, render, &worker->scratch);
    triples_write_jsonld(&telling.triples, out);
    return true;
}
