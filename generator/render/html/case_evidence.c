/* Where the page of a case shows what its evidence consists of: fields stand under the headings of
 * blocks. */
#include "case.h"

/* Fields that stand under the heading of a block; the ids are those of case_people.c and
 * case_work.c. */
static const struct {
    enum field_id field;
    struct slice block;
} places_of_fields[] = {
#define PLACE(field, block)          \
    {                                \
        FIELD_case_##field,          \
        {                            \
            block, sizeof(block) - 1 \
        }                            \
    }
    PLACE(issue, "issue"),
    PLACE(need_evidence, "issue"),
    PLACE(purpose, "purpose"),
    PLACE(beneficiaries, "purpose"),
    PLACE(purpose_category, "purpose"),
    PLACE(added_value, "purpose"),
    PLACE(actors, "actors"),
    PLACE(proposer, "actors"),
    PLACE(initiative_note, "actors"),
    PLACE(intermediary, "actors"),
    PLACE(form_reason, "form"),
    PLACE(fit, "form"),
    PLACE(selection, "form"),
    PLACE(agreement, "form"),
    PLACE(costs, "form"),
    PLACE(excluded_activity, "form"),
    PLACE(contract_duty, "form"),
    PLACE(origin, "form"),
    PLACE(project_kind, "form"),
    PLACE(project_responsibility, "form"),
    PLACE(result_owner, "form"),
    PLACE(labour_cost_included, "form"),
    PLACE(dialogues, "activity"),
    PLACE(handovers, "activity"),
    PLACE(pdca, "activity"),
    PLACE(differences, "activity"),
    PLACE(examination, "activity"),
    PLACE(closing, "activity"),
    PLACE(process_docs, "activity"),
    PLACE(results, "results"),
    PLACE(outputs, "results"),
    PLACE(outcomes, "results"),
    PLACE(impacts, "results"),
    PLACE(impact_note, "results"),
    PLACE(result_docs, "results"),
    PLACE(published_by, "results"),
    PLACE(evaluations, "evaluations"),
    PLACE(claims_innovation, "lessons"),
    PLACE(innovation_type, "lessons"),
    PLACE(insights, "lessons"),
    PLACE(transfer, "conditions"),
    PLACE(participate, "participate"),
    PLACE(contact, "participate"),
    PLACE(sustain, "after"),
    PLACE(exit, "after"),
    PLACE(review_dates, "after"),
    PLACE(collective_impact, "after"),
    PLACE(start, "facts"),
    PLACE(end, "facts"),
    PLACE(fields, "facts"),
    PLACE(form, "facts"),
    PLACE(level, "facts"),
    PLACE(wards, "facts"),
    PLACE(departments, "facts"),
    PLACE(departments_note, "facts"),
    PLACE(open_ended_reason, "facts"),
    PLACE(stages, "facts"),
    PLACE(updated, "facts"),
    PLACE(sources, "sources"),
#undef PLACE
};

/* The block that shows a field, or -1: of the record's own blocks, and behind them the facts and
 * the sources, which every case has. */
static int place_of(const struct evidence_part *part, enum field_id field)
{
    const struct case_page *maker = part->context;
    for (size_t i = 0; i < sizeof(places_of_fields) / sizeof(places_of_fields[0]); i++) {
        if (places_of_fields[i].field != field) {
            continue;
        }
        for (int k = 0; k < maker->block_count; k++) {
            if (slice_equal(maker->blocks[k].id, places_of_fields[i].block)) {
                return k;
            }
        }
    }
    return -1;
}

void case_evidence(struct case_page *maker)
{
    struct page *page = &maker->page;
    case_know_block(maker, SLICE("facts"), html_string(page, STRING_facts));
    if (value_is_stated(record_get(maker->record, FIELD_case_sources))) {
        case_know_block(maker, SLICE("sources"), html_string(page, STRING_sources));
    }
    struct evidence_part part = {.page = page,
                                 .record = maker->record,
                                 .index = maker->item->index,
                                 .places = maker->blocks,
                                 .place_of = place_of,
                                 .context = maker,
                                 .about = NAME_case_EVIDENCE_ABOUT,
                                 .own = NAME_case_EVIDENCE,
                                 .others = NAME_case_OTHER_VIEW};
    add_evidence(&part);
}
