/* Stands for libnixexpr: all that its C API needs of it is a place for the built-in functions, and a count of references. */
#include <stddef.h>

void *nix_stub_registered = NULL;
int nix_stub_live = 0;
