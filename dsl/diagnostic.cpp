#include "dsl/diagnostic.hpp"
