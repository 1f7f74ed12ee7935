#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/core/errors.h"
#include "sim/core/parameter.h"
#include "sim/core/registry.h"
#include "sim/core/value.h"

namespace telegrad {

/// Fills in every default and checks everything that the tables say. The result has the members in the order of
/// the tables, reals as reals; what is wrong is left out of it and added to `problems` with its pointer, without a
/// place (see `locate`). `at` is the pointer of `user`.
Value resolve(const Value& user, const Table& table, const Catalogues& catalogues,
              std::vector<Problem>& problems, const std::string& at = {});

/// The same for an object with a `type` from one catalogue.
Value resolve_typed(const Value& user, const Catalogue& catalogue, const Catalogues& catalogues,
                    std::vector<Problem>& problems, const std::string& at = {});

/// Resolves a JSON text of our own (an example, a test's); problems in it are our bug.
Value resolve_trusted(std::string_view text, const Catalogue& catalogue, const Catalogues& catalogues = {});

/// Gives each problem without a place that of the deepest value on its pointer's way in what the user wrote.
void locate(std::vector<Problem>& problems, const Value& user);

}  // namespace telegrad
