#pragma once

#include <string>
#include <vector>

#include "sim/results/database.h"

namespace telegrad::results {

/// "label   text"
struct SummaryLine {
  std::string label;
  std::string text;
};

// The answers of a summary, each from the database alone; none where there is nothing to say.
std::vector<SummaryLine> target_lines(const Database& database);
std::vector<SummaryLine> accuracy_lines(const Database& database);
std::vector<SummaryLine> round_lines(const Database& database);  // the median round, by phase
std::vector<SummaryLine> byte_lines(const Database& database);
std::vector<SummaryLine> waiting_lines(const Database& database);  // for whom, and who came late
std::vector<SummaryLine> loss_lines(const Database& database);
std::vector<SummaryLine> sampling_lines(const Database& database);  // fast-forward

}  // namespace telegrad::results
