/* Private to load: what no text may hold, whatever it is for. */
#ifndef KYODO_SOUND_H
#define KYODO_SOUND_H

#include "survey.h"

/** Findings: marks of an unsettled merge (git's `<<<<<<<`), control characters, characters that
 * turn the direction of text, characters without width. False when the text should not be read
 * further (a merge in the middle). */
bool text_is_sound(struct source *source, const struct survey *survey, struct diag *diag);

#endif
