#pragma once
// Nothing to call: the shim takes the place of the C library's functions in a program that it is preloaded into.
