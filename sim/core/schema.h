#pragma once

#include "sim/core/parameter.h"
#include "sim/core/registry.h"
#include "sim/core/value.h"

namespace telegrad {

/// The JSON Schema (draft 2020-12) of an object with these settings: accepts what `resolve` accepts, but for the
/// checks that no table can say and for 1.0 where an integer is due, which JSON Schema takes for one.
Value json_schema(const Table& table, const Catalogues& catalogues, const std::string& title);

}  // namespace telegrad
