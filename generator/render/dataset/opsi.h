/* The cases by the fields of OECD OPSI (opsi.def), made of their columns as a dataset. */
#ifndef KYODO_RENDER_OPSI_H
#define KYODO_RENDER_OPSI_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

struct dataset *dataset_of_opsi(const struct site *site, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
