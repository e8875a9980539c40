/*
 * One function for each thing that is fuzzed, with the face that libFuzzer wants. `make fuzz` links
 * it with libFuzzer; replay.c calls it with every file of tests/fuzz/seeds/<target>/, where crashes
 * of the past are kept beside the seeds.
 */
#ifndef KYODO_FUZZ_H
#define KYODO_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
