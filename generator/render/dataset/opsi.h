/* The cases by the fields of OECD OPSI (opsi.def), made of their columns as a dataset. */
#ifndef KYODO_RENDER_OPSI_H
#define KYODO_RENDER_OPSI_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/** `cases` must live as long as it does. */
struct dataset *dataset_of_opsi(const struct dataset *cases, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
