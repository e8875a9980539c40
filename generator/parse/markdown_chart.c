/*
 * A fenced block `chart` names a chart that a register declares, as `register/chart`:
 *
 *     ```chart
 *     indicators/kagoshima-projects
 *     ```
 *
 * Its place is kept as a reference without HTML of its own; whether there is such a chart is known
 * when the whole site is.
 */
#include "markdown.h"

bool chart_block_is(const struct markdown *markdown, cmark_node *code)
{
    struct slice info = slice_trim(slice_of(cmark_node_get_fence_info(code)));
    return !markdown->options.plain && slice_equal_ignoring_ascii_case(info, SLICE("chart"));
}

void chart_block_render(struct markdown *markdown, cmark_node *code)
{
    struct slice name =
        slice_trim_wide(feed_unmark(markdown->arena, slice_of(cmark_node_get_literal(code))));
    struct pending_reference *pending = VECTOR_PUSH(markdown->scratch, &markdown->references);
    *pending = (struct pending_reference){.reference = {.kind = REFERENCE_CHART,
                                                        .destination = name,
                                                        .text = SLICE(""),
                                                        .span = place_block(markdown, code),
                                                        .html_offset = markdown->html.length}};
}
