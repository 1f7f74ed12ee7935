#include "sim/sweep/trace_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>

#include "sim/core/errors.h"
#include "sim/core/expectation.h"
#include "sim/core/quote.h"

namespace telegrad::sweep {
namespace {

constexpr std::size_t kMostProblems = 20;
constexpr std::uintmax_t kLargest = std::uintmax_t{1} << 30;  // bytes of a file
constexpr double kMostBytes = 1e12;
constexpr std::uint64_t kMostRounds = 10'000'000;
constexpr std::uint64_t kMostWorkers = 10'000;

enum Column { round_at, worker_at, up_at, down_at, compute_at, accuracy_at, columns };
constexpr std::array<const char*, columns> kNames = {"round",      "worker",    "bytes_up",
                                                     "bytes_down", "compute_s", "accuracy"};

std::vector<std::string> fields_of(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  std::vector<std::string> fields(1);
  for (char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else if (c != ' ' && c != '\t' && c != '"') {
      fields.back() += c;
    }
  }
  return fields;
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : file_(file) {}

  std::vector<TraceRow> read() {
    std::error_code error;
    std::ifstream in(file_);
    if (!in || std::filesystem::is_directory(file_, error)) {
      problem(0, "cannot be read", "give a CSV file with " + header());
      raise();
    }
    if (std::filesystem::file_size(file_, error) > kLargest) {
      problem(0, "is larger than 1 GiB", "split it");
      raise();
    }
    std::string line;
    std::getline(in, line);
    read_header(line);
    raise();
    for (int number = 2; std::getline(in, line); ++number) {
      if (line.empty() || line == "\r") continue;
      read_row(line, number);
      if (problems_.size() >= kMostProblems) break;
    }
    if (problems_.empty()) check_rounds();
    raise();
    return std::move(rows_);
  }

 private:
  static std::string header() { return "the header round,worker,bytes_up,bytes_down,compute_s,accuracy"; }

  void problem(int line, std::string message, std::string remedy = {}) {
    if (problems_.size() < kMostProblems) {
      problems_.push_back(Problem{"", line, line > 0 ? 1 : 0, std::move(message), std::move(remedy)});
    }
  }
  void raise() {
    if (!problems_.empty()) throw ScenarioError(file_.string(), std::move(problems_));
  }

  void read_header(const std::string& line) {
    std::vector<std::string> names = fields_of(line);
    for (std::size_t i = 0; i < columns; ++i) {
      auto at = std::find(names.begin(), names.end(), kNames[i]);
      if (at != names.end()) {
        at_[i] = static_cast<std::size_t>(at - names.begin());
      } else if (i != accuracy_at) {
        problem(1, "there is no column " + quote(kNames[i]), "begin with " + header());
      }
    }
    width_ = names.size();
  }

  void read_row(const std::string& line, int number) {
    std::vector<std::string> fields = fields_of(line);
    if (fields.size() != width_) {
      return problem(number, "has " + std::to_string(fields.size()) + " fields, the header has " +
                                 std::to_string(width_));
    }
    TraceRow row;
    row.line = number;
    auto field = [&](Column column) -> const std::string& { return fields[*at_[column]]; };
    std::size_t before = problems_.size();
    row.round = whole(field(round_at), round_at, 1, kMostRounds, number);
    row.worker = static_cast<std::uint32_t>(whole(field(worker_at), worker_at, 0, kMostWorkers - 1, number));
    row.up = whole(field(up_at), up_at, 0, kMostBytes, number);
    row.down = whole(field(down_at), down_at, 0, kMostBytes, number);
    row.compute_s = real(field(compute_at), compute_at, 0, 1e8, number);
    if (at_[accuracy_at] && !field(accuracy_at).empty()) {
      row.accuracy = real(field(accuracy_at), accuracy_at, 0, 1, number);
    }
    if (problems_.size() == before) rows_.push_back(row);
  }

  double real(const std::string& text, Column column, double low, double high, int line) {
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool read = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
    if (!read || value < low || value > high) {
      problem(line, std::string(kNames[column]) + " is " + quote(text) + ", expected a number from " +
                        plain_number(low) + " to " + plain_number(high));
      return low;
    }
    return value;
  }

  std::uint64_t whole(const std::string& text, Column column, double low, double high, int line) {
    double value = real(text, column, low, high, line);
    if (value != std::floor(value))
      problem(line, std::string(kNames[column]) + " is " + quote(text) + ", expected an integer");
    return static_cast<std::uint64_t>(value);
  }

  /// Every worker once in every round, from 1 on, and one size down.
  void check_rounds() {
    std::stable_sort(rows_.begin(), rows_.end(), [](const TraceRow& a, const TraceRow& b) {
      return std::tie(a.round, a.worker) < std::tie(b.round, b.worker);
    });
    if (rows_.empty()) return problem(0, "has no rows", "give one for each round and worker");
    std::uint32_t workers = 0;
    for (const TraceRow& row : rows_) workers = std::max(workers, row.worker + 1);
    std::uint64_t round = 1;
    std::uint32_t worker = 0;
    for (const TraceRow& row : rows_) {
      if (row.round != round || row.worker != worker) {
        return problem(row.line,
                       "expected round " + std::to_string(round) + ", worker " + std::to_string(worker) +
                           " once, found round " + std::to_string(row.round) + ", worker " +
                           std::to_string(row.worker),
                       "every worker from 0 on has one row in every round from 1 on");
      }
      const TraceRow& first = rows_[static_cast<std::size_t>(&row - rows_.data()) - worker];
      if (row.down != first.down) {
        return problem(
            row.line,
            "bytes_down is " + std::to_string(row.down) + ", worker 0 got " + std::to_string(first.down),
            "a server sends the same to all: give the same number for a round");
      }
      if (++worker == workers) {
        worker = 0;
        ++round;
      }
    }
    if (worker != 0) {
      problem(rows_.back().line, "the last round lacks worker " + std::to_string(worker),
              "every worker has a row in every round");
    }
  }

  const std::filesystem::path& file_;
  std::array<std::optional<std::size_t>, columns> at_;
  std::size_t width_ = 0;
  std::vector<TraceRow> rows_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<TraceRow> read_trace_rows(const std::filesystem::path& file) { return Reader(file).read(); }

}  // namespace telegrad::sweep
