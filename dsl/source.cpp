#include "dsl/source.hpp"
