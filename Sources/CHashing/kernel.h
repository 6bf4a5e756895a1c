#pragma once
// The table entry of a kernel file, behind its entry points.
#include "CHashing.h"

#define KERNEL(kernel, width, major)                            \
    const struct hashing_kernel hashing_kernel_##kernel = {     \
        .name = #kernel,                                        \
        .lanes = width,                                         \
        .compress = NAME(compress),                             \
        .word_major = major,                                    \
        .judge = NAME(judge),                                   \
        .nodes = NAME(nodes),                                   \
        .scan = NAME(scan),                                     \
    }
