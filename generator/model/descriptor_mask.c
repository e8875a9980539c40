#include "registers.h"

/* What an excerpt may show of a descriptor that holds rows with private columns (ruling 7): no line
 * of them. */

#define BOX 0x25A0

static bool has_private(const struct node *resource)
{
    const struct node *fields = node_get(node_get(resource, "schema"), "fields");
    for (const struct node *field = fields != NULL ? fields->first : NULL; field != NULL;
         field = field->next) {
        const struct node *is_private = node_get(field, "kyodo:private");
        if (is_private != NULL && slice_equal(is_private->text, SLICE("true"))) {
            return true;
        }
    }
    return false;
}

static bool is_hidden(const struct node *package, ptrdiff_t start, ptrdiff_t end)
{
    const struct node *resources = node_get(package, "resources");
    for (const struct node *one = resources != NULL ? resources->first : NULL; one != NULL;
         one = one->next) {
        const struct node *data = node_get(one, "data");
        if (data != NULL && start < data->span.end && end > data->span.start && has_private(one)) {
            return true;
        }
    }
    return false;
}

static void mask_line(void *context, struct slice line, ptrdiff_t start, struct buffer *out)
{
    if (!is_hidden(context, start, start + line.length)) {
        buffer_append(out, line);
        return;
    }
    for (ptrdiff_t at = 0; at < line.length;) {
        (void)utf8_next(line, &at);
        utf8_append(out, BOX);
    }
}

void descriptor_mask_set(struct source *source, const struct node *package)
{
    source_set_mask(source, mask_line, (void *)package);
}
