#include "runtime/session.hpp"
