#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "sim/app/catalogues.h"
#include "sim/app/command_line.h"
#include "sim/app/compress.h"
#include "sim/app/gradient_file.h"
#include "sim/app/plugin.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"
#include "sim/core/resolve.h"

namespace telegrad::app {
namespace {

struct Options {
  std::string method;
  std::string downlink;
  std::string exchange = R"({"type": "star"})";
  std::vector<std::string> inputs;
  std::uint64_t rounds = 1;
  std::uint64_t seed = 1;
  std::string out;
  bool json = false;
};

constexpr const char* kWhere = "the command line";

/// A JSON object, a file that holds one, or the name of an entry that needs no settings. `option` names it in errors.
Value given(const std::string& option, const std::string& text) {
  const bool name = !text.empty() && text.find_first_of("{./") == std::string::npos;
  if (name) return Value::Object{{"type", text}};
  Parsed parsed = text.front() == '{' ? parse_json(text) : read_json(text);
  if (parsed.problems.empty()) return parsed.value;
  for (Problem& problem : parsed.problems) problem.origin = option;
  throw ScenarioError(text.front() == '{' ? kWhere : text, std::move(parsed.problems));
}

void refuse(std::vector<Problem> problems) {
  if (!problems.empty()) throw ScenarioError(kWhere, std::move(problems));
}

std::vector<GivenGradient> read_all(const std::vector<std::string>& files) {
  std::vector<GivenGradient> gradients;
  for (const std::string& file : files) {
    gradients.push_back(read_gradient(file));
    if (gradients.back().shape == gradients.front().shape) continue;
    throw RunError(Failure::bad_data, "gradient '" + file + "' has another shape than '" + files.front() +
                                          "'; workers of one training have equal shapes");
  }
  return gradients;
}

CompressResult compress_located(CompressRequest request) {
  try {
    return compress(std::move(request));
  } catch (const ScenarioError& error) {
    throw ScenarioError(kWhere, error.problems());
  }
}

int run(const Options& options) {
  Value user = Value::Object{{"uplink", given("--method", options.method)}};
  if (!options.downlink.empty()) user.set("downlink", given("--downlink", options.downlink));
  const Catalogues& catalogues = all_catalogues();
  std::vector<Problem> problems;
  CompressRequest request;
  request.compression =
      resolve(user, training_plugin().compression_table(), catalogues, problems, "/compression");
  request.exchange = resolve_typed(given("--exchange", options.exchange), catalogues.at("exchanges"),
                                   catalogues, problems, "/program/exchange");
  refuse(std::move(problems));
  request.gradients = read_all(options.inputs);
  request.rounds = options.rounds;
  request.seed = options.seed;
  const CompressResult result = compress_located(std::move(request));
  if (!options.out.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(options.out, failed);
    if (failed) throw RunError(Failure::storage, "cannot make '" + options.out + "': " + failed.message());
    write_npy(std::filesystem::path(options.out) / "decoded.npy", result.shape, result.update);
  }
  std::fputs((options.json ? dump_json(to_value(result), 2) + "\n" : compress_page(result)).c_str(), stdout);
  return kDone;
}

}  // namespace

void add_compress(CLI::App& app, Action& action) {
  CLI::App* verb =
      app.add_subcommand("compress", "put gradients of your own through a method, and say what is left");
  auto options = std::make_shared<Options>();
  verb->add_option("--method", options->method,
                   "as a scenario's uplink: a JSON object, a file with one, or a name")
      ->required();
  verb->add_option("--downlink", options->downlink, "as a scenario's; without it the method's own");
  verb->add_option("--exchange", options->exchange, "star, ring or tree")->capture_default_str();
  verb->add_option("--input", options->inputs, "one file for each worker: .npy, or raw float32")
      ->required()
      ->expected(1, 100000);
  verb->add_option("--rounds", options->rounds, "how often the same gradients are put in")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  verb->add_option("--seed", options->seed, "of methods that draw")->capture_default_str();
  verb->add_option("--out", options->out, "a folder for decoded.npy, the update of the last round");
  verb->add_flag("--json", options->json, "for programs, all indices included");
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace telegrad::app
