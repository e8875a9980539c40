#include "finding_wire.h"

static void put_position(struct buffer *out, struct position position)
{
    wire_put_number(out, position.line);
    wire_put_number(out, position.column);
}

static struct position take_position(struct wire *wire)
{
    struct position position;
    position.line = wire_take_number(wire);
    position.column = wire_take_number(wire);
    return position;
}

/* A number below `most`, or the wire is broken. */
static int take_below(struct wire *wire, int most)
{
    int64_t value = wire_take_number(wire);
    if (value < 0 || value >= most) {
        wire->is_broken = true;
        return 0;
    }
    return (int)value;
}

void wire_put_finding(struct buffer *out, const struct finding *finding)
{
    wire_put_number(out, finding->code);
    wire_put_number(out, finding->severity);
    wire_put_text(out, finding->path);
    put_position(out, finding->position);
    put_position(out, finding->end);
    wire_put_text(out, finding->excerpt);
    wire_put_number(out, finding->excerpt_column);
    wire_put_number(out, finding->excerpt_is_cut);
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        wire_put_text(out, finding->message[i]);
        wire_put_text(out, finding->help[i]);
    }
    wire_put_text(out, finding->rule);
    wire_put_text(out, finding->type);
    wire_put_text(out, finding->resource);
    wire_put_number(out, finding->row_number);
    wire_put_number(out, finding->field_number);
    wire_put_number(out, finding->note_count);
    for (int i = 0; i < finding->note_count; i++) {
        const struct finding_note *note = &finding->notes[i];
        wire_put_number(out, note->code);
        wire_put_text(out, note->path);
        put_position(out, note->position);
        for (int j = 0; j < INTERFACE_LANGUAGES; j++) {
            wire_put_text(out, note->message[j]);
        }
    }
}

void wire_take_finding(struct wire *wire, struct finding *finding)
{
    *finding = (struct finding){.code = (enum code)take_below(wire, CODE_COUNT)};
    finding->severity = (enum severity)take_below(wire, SEVERITY_ERROR + 1);
    finding->path = wire_take_text(wire);
    finding->position = take_position(wire);
    finding->end = take_position(wire);
    finding->excerpt = wire_take_text(wire);
    finding->excerpt_column = wire_take_number(wire);
    finding->excerpt_is_cut = wire_take_number(wire) != 0;
    for (int i = 0; i < INTERFACE_LANGUAGES; i++) {
        finding->message[i] = wire_take_text(wire);
        finding->help[i] = wire_take_text(wire);
    }
    finding->rule = wire_take_text(wire);
    finding->type = wire_take_text(wire);
    finding->resource = wire_take_text(wire);
    finding->row_number = wire_take_number(wire);
    finding->field_number = wire_take_number(wire);
    finding->note_count = take_below(wire, REPORT_NOTES + 1);
    for (int i = 0; i < finding->note_count; i++) {
        struct finding_note *note = &finding->notes[i];
        note->code = (enum code)take_below(wire, CODE_COUNT);
        note->path = wire_take_text(wire);
        note->position = take_position(wire);
        for (int j = 0; j < INTERFACE_LANGUAGES; j++) {
            note->message[j] = wire_take_text(wire);
        }
    }
}
