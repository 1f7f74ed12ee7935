#include "sim/sweep/status.h"

#include "sim/results/schema.h"
#include "sim/results/words.h"

namespace telegrad::sweep {
namespace {

using results::read_meta;
using results::Statement;

constexpr std::size_t kMostNamed = 20;

unsigned processes_of(const results::Database& database) {
  Value processes = read_meta(database, "processes");
  return processes.is_integer() ? static_cast<unsigned>(processes.integer()) : 1;
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

}  // namespace

std::optional<double> seconds_left(const results::Database& database, unsigned processes) {
  Statement waiting = database.prepare(
      "SELECT sum(coalesce("
      "  (SELECT avg(host_s) FROM job known WHERE known.status = 'done' AND known.kind = job.kind"
      "     AND known.grouping = job.grouping),"
      "  (SELECT avg(host_s) FROM job known WHERE known.status = 'done' AND known.kind = job.kind),"
      "  (SELECT avg(host_s) FROM job known WHERE known.status = 'done'))) FROM job"
      " WHERE status IN ('waiting', 'running')");
  if (!waiting.step() || waiting.is_null(0)) return std::nullopt;
  return waiting.number(0) / processes;
}

std::string status_page(const results::Database& database, bool at_work) {
  Counts found = counts(database);
  Value name = read_meta(database, "name");
  std::string text = (name.is_text() ? name.text() : "sweep") + ": " + std::to_string(found.done) + " of " +
                     results::counted(found.all(), "cell") + " done";
  if (found.cached > 0) text += " (" + std::to_string(found.cached) + " cached)";
  text += ", " + std::to_string(found.running) + " running, " + std::to_string(found.waiting) + " waiting, " +
          std::to_string(found.failed) + " failed";
  if (found.set_aside > 0) text += ", " + std::to_string(found.set_aside) + " set aside after three deaths";
  text += "\n";
  bool open = found.waiting + found.running > 0;
  if (open && !at_work) text += "nobody is at work on it: telegrad resume goes on\n";
  if (open) {
    auto left = seconds_left(database, processes_of(database));
    text +=
        left ? "about " + results::seconds_in_words(*left) + " left\n" : "time left: nothing measured yet\n";
  }
  Statement failed = database.prepare(
      "SELECT cell, labels, training_seed, network_seed, status, reason, detail FROM cell"
      " WHERE status IN ('failed', 'set_aside') ORDER BY cell");
  for (std::size_t named = 0; failed.step(); ++named) {
    if (named == kMostNamed) {
      text += "  ...\n";
      break;
    }
    text += "  cell " + std::to_string(failed.integer(0)) + " " + std::string(failed.text(1)) + " seeds " +
            std::to_string(failed.integer(2)) + "/" + std::to_string(failed.integer(3)) + ": " +
            std::string(failed.text(5));
    if (!failed.is_null(6) && !failed.text(6).empty()) text += ": " + first_line(failed.text(6));
    text += "\n";
  }
  if (found.failed + found.set_aside > 0) text += "telegrad resume DIR --retry-failed tries them again\n";
  return text;
}

Value status_value(const results::Database& database, bool at_work) {
  Counts found = counts(database);
  auto count = [](std::size_t number) { return Value(static_cast<std::int64_t>(number)); };
  auto left = seconds_left(database, processes_of(database));
  return Value::Object{
      {"name", read_meta(database, "name")},   {"at_work", at_work},
      {"cells", count(found.all())},           {"done", count(found.done)},
      {"cached", count(found.cached)},         {"running", count(found.running)},
      {"waiting", count(found.waiting)},       {"failed", count(found.failed)},
      {"set_aside", count(found.set_aside)},   {"seconds_left", left ? Value(*left) : Value()},
      {"logical_hash", logical_hash(database)}};
}

}  // namespace telegrad::sweep
