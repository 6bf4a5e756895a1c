#include <jansson.h>

// Variadic or inline with macros behind them.
static inline void jansson_release(json_t *value) { json_decref(value); }
