#pragma once

#include <string>

#include "sim/core/registry.h"
#include "sim/core/value.h"

namespace telegrad::app {

/// Names and summaries of a catalogue.
std::string topic_page(const Catalogue& catalogue);
/// All settings of an entry, its source and an example.
std::string entry_page(const Description& entry);

/// The same for programs: an array of entries, one entry.
Value to_value(const Catalogue& catalogue);
Value to_value(const Description& entry);

}  // namespace telegrad::app
