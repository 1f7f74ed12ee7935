#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/core/value.h"
#include "sim/results/database.h"
#include "sim/results/digest.h"

namespace telegrad::sweep {

/// What the results of a sweep rest on, in words: the sentences of all its cells, each once, in three lists of meta.
class Sentences final {
 public:
  /// Makes the lists, empty.
  static void begin(const results::Database& database);
  /// Writes only where a sentence is new.
  void add(const results::Digest& digest, const results::Database& database);

 private:
  void add(const char* key, const std::vector<std::string>& sentences, const results::Database& database);

  std::map<std::string, Value> known_;  // lists, as they stand in meta
};

}  // namespace telegrad::sweep
