#include "model.h"

/* How much of a case its record tells: the questions that a reader has of it (ruling 4). */

/*
 * What a reader must be able to know of a case: the mandatory items of GIF DS-451-3 (title and
 * summary are always there) and what OECD OPSI asks for: results, lessons, conditions for success,
 * replication. Ruling 4.
 */
static const struct {
    enum field_id fields[3];
    int count;
} questions[CASE_QUESTIONS] = {
    {{FIELD_case_wards, FIELD_case_place, FIELD_case_level}, 3},
    {{FIELD_case_start, FIELD_case_fiscal_year}, 2},
    {{FIELD_case_form}, 1},
    {{FIELD_case_issue}, 1},
    {{FIELD_case_purpose}, 1},
    {{FIELD_case_actors}, 1},
    {{FIELD_case_activity}, 1},
    {{FIELD_case_results}, 1},
    {{FIELD_case_lessons}, 1},
    {{FIELD_case_ingenuity, FIELD_case_constraints, FIELD_case_insights}, 3},
    {{FIELD_case_transfer}, 1},
    {{FIELD_case_contact}, 1},
};

enum field_id case_question_field(int question)
{
    return questions[question].fields[0];
}

bool case_must_tell(enum field_id field)
{
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        if (questions[i].count == 1 && questions[i].fields[0] == field) {
            return true;
        }
    }
    return false;
}

int case_question_of(enum field_id field)
{
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        for (int k = 0; k < questions[i].count; k++) {
            if (questions[i].fields[k] == field) {
                return i;
            }
        }
    }
    return -1;
}

static enum case_answer answer_of(const struct value *value)
{
    if (value != NULL && value->state == VALUE_NOT_APPLICABLE) {
        return ANSWER_NONE_NEEDED;
    }
    return value_is_stated(value) ? ANSWER_YES : ANSWER_NO;
}

static enum case_answer first_answer(const struct record *record, const enum field_id *fields,
                                     int count)
{
    enum case_answer answer = ANSWER_NO;
    for (int i = 0; i < count; i++) {
        enum case_answer one = answer_of(record_get(record, fields[i]));
        if (one == ANSWER_YES) {
            return one;
        }
        answer = one == ANSWER_NONE_NEEDED ? one : answer;
    }
    return answer;
}

/* Groups whose one member carries the answer. */
static enum case_answer answer_of_field(const struct record *record, enum field_id field)
{
    const struct value *value = record_get(record, field);
    enum case_answer answer = answer_of(value);
    if (answer != ANSWER_YES) {
        return answer;
    }
    if (field == FIELD_case_purpose) {
        return answer_of(record_get(value->as.group, FIELD_purpose_text));
    }
    if (field == FIELD_case_transfer) {
        return answer_of(record_get(value->as.group, FIELD_transfer_conditions));
    }
    return answer;
}

enum case_answer case_answer(const struct record *record, int question)
{
    if (questions[question].count == 1) {
        return answer_of_field(record, questions[question].fields[0]);
    }
    return first_answer(record, questions[question].fields, questions[question].count);
}

struct case_stated case_count_stated(const struct record *record)
{
    struct case_stated counts = {0};
    for (int i = 0; i < CASE_QUESTIONS; i++) {
        enum case_answer answer = case_answer(record, i);
        counts.asked += answer == ANSWER_NONE_NEEDED ? 0 : 1;
        counts.stated += answer == ANSWER_YES ? 1 : 0;
    }
    return counts;
}
