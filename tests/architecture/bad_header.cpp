// Must not compile: its header leaves out an include that it needs.
#include "bad_header.hpp"
