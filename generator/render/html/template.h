/*
 * Templates: ctemplate (C++) behind a C face. No C++ type and no exception leaves template.cc.
 *
 * A `template` is compiled from text that template_compile.c made: its markers carry places, not
 * names (see template_place), so that expanding looks nothing up. It is read-only and may be
 * expanded from any thread.
 *
 * A `dictionary` holds what the markers stand for: a typed record after vocabulary.def, in the
 * arena that it was made in, with the dictionaries of its sections below it. Values are not copied:
 * they live at least until the expansion. Setting a name of another dictionary, or expanding
 * without a name that is needed, is a BUG.
 */
#ifndef KYODO_TEMPLATE_H
#define KYODO_TEMPLATE_H

#include "vocabulary.h"

#ifdef __cplusplus
extern "C" {
#endif

struct template_text; /* a compiled template */
struct dictionary;

/** Compile; NULL when ctemplate refuses the text, with its reason in `reason`. While it runs,
 * nothing else may write to C++'s standard error stream. */
struct template_text *template_new(struct slice text, struct buffer *reason);
void template_free(struct template_text *text);
/** Append the expansion to `out`. */
void template_expand(const struct template_text *text, const struct dictionary *dictionary,
                     struct buffer *out);

/** Most dictionaries around a marker, its own included. */
#define TEMPLATE_DEPTH_MOST 16
/** How a marker asks: for the entries of a section (or the value), whether there are any, whether
 * there are none. */
enum template_question { ASK_EACH, ASK_ANY, ASK_NONE };
/** The marker of a slot: how many dictionaries further out it is (0: the nearest), its slot there,
 * and what is asked. Four letters. */
void template_place(struct buffer *out, int depth, int slot, enum template_question question);

/** A dictionary of its own; its words may refer to `around` (may be NULL). */
struct dictionary *dictionary_new(struct arena *arena, enum dictionary_id id,
                                  struct dictionary *around);
/** Let this dictionary, and those made for it from now on, lack what is needed: a dash stands for
 * it. For previews of a site with errors. */
void dictionary_allow_gaps(struct dictionary *dictionary);
void dictionary_set(struct dictionary *dictionary, enum name_id name, struct slice value);
/** Like dictionary_set, but nothing is set when the value is empty. */
void dictionary_set_some(struct dictionary *dictionary, enum name_id name, struct slice value);
void dictionary_show(struct dictionary *dictionary, enum name_id flag, bool shown);
/** A new entry at the end of a section. */
struct dictionary *dictionary_add(struct dictionary *dictionary, enum name_id section);
bool dictionary_has(const struct dictionary *dictionary, enum name_id name);

#ifdef __cplusplus
}
#endif
#endif
