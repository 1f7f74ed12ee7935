#include "sim/app/compress.h"
#include "sim/app/text_table.h"
#include "sim/core/format.h"

namespace telegrad::app {
namespace {

std::vector<std::string> row(const std::string& name, const CompressedSize& size, double dense_bytes) {
  return {name, formatted("%.0f", size.information_bits), formatted("%.0f", size.bytes),
          formatted("%.0f", size.control_bytes),
          size.bytes > 0 ? formatted("%.1fx", dense_bytes / size.bytes) : "-"};
}

std::string words(const std::vector<std::uint64_t>& kept, std::size_t size) {
  constexpr std::size_t kShown = 12;
  std::string line = std::to_string(kept.size()) + " of " + std::to_string(size);
  if (kept.empty() || kept.size() == size) return line;
  line += ":";
  for (std::size_t i = 0; i < kept.size() && i < kShown; ++i) line += " " + std::to_string(kept[i]);
  return kept.size() > kShown ? line + " ..." : line;
}

Value to_value(const CompressedSize& size) {
  return Value::Object{{"information_bits", size.information_bits},
                       {"bytes", size.bytes},
                       {"control_bytes", size.control_bytes}};
}

}  // namespace

std::string compress_page(const CompressResult& result) {
  const double dense = 4.0 * static_cast<double>(result.update.size());
  std::string page = text_table(
      {{"per worker and round", "information bits", "bytes", "control bytes", "dense fp32 / bytes"},
       row("up", result.up, dense),
       row("down", result.down, dense)});
  std::vector<std::vector<std::string>> facts{{"relative error", formatted("%.6g", result.relative_error)},
                                              {"cosine", formatted("%.6g", result.cosine)}};
  if (result.rounds > 1) {
    facts.push_back({"relative error of the sum", formatted("%.6g", result.summed_error) + " over " +
                                                      std::to_string(result.rounds) + " rounds"});
  }
  facts.push_back({"entries that are not 0", words(result.kept, result.update.size())});
  return page + "\n" + text_table(facts);
}

Value to_value(const CompressResult& result) {
  Value::Array shape(result.shape.begin(), result.shape.end());
  Value::Array kept;
  for (std::uint64_t index : result.kept) kept.push_back(Value(static_cast<std::int64_t>(index)));
  return Value::Object{{"workers", static_cast<std::int64_t>(result.workers)},
                       {"rounds", static_cast<std::int64_t>(result.rounds)},
                       {"shape", std::move(shape)},
                       {"up", to_value(result.up)},
                       {"down", to_value(result.down)},
                       {"relative_error", result.relative_error},
                       {"cosine", result.cosine},
                       {"relative_error_of_sum", result.summed_error},
                       {"kept", std::move(kept)}};
}

}  // namespace telegrad::app
