#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/app/catalogues.h"
#include "sim/app/command_line.h"
#include "sim/app/listing.h"
#include "sim/app/verbs.h"
#include "sim/core/json.h"
#include "sim/core/quote.h"

namespace telegrad::app {
namespace {

struct Options {
  std::string topic;
  std::string entry;
  bool json = false;
};

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

int unknown(const char* what, const std::string& typed, const std::vector<std::string>& known) {
  auto meant = nearest(typed, known);
  std::string remedy = meant ? "did you mean " + quote(*meant) + "?" : "expected " + one_of(known);
  std::fprintf(stderr, "telegrad: unknown %s %s; %s\n", what, quote(typed).c_str(), remedy.c_str());
  return kWrongUsage;
}

int list_all(bool json) {
  const auto& all = all_catalogues().all();
  if (!json) print("telegrad list TOPIC tells more, telegrad list TOPIC NAME everything.\n\n");
  Value::Object topics;
  for (const auto& [name, catalogue] : all) {
    if (json) {
      topics.push_back(Member{name, to_value(catalogue)});
    } else {
      print(topic_page(catalogue) + "\n");
    }
  }
  if (json) print(dump_json(Value(std::move(topics)), 2) + "\n");
  return kDone;
}

int list_topic(const Options& options) {
  const Catalogue* catalogue = light_catalogues().find(options.topic);
  if (catalogue == nullptr) catalogue = all_catalogues().find(options.topic);
  if (catalogue == nullptr) {
    std::vector<std::string> topics;
    for (const auto& [name, each] : all_catalogues().all()) topics.push_back(name);
    return unknown("topic", options.topic, topics);
  }
  if (options.entry.empty()) {
    print(options.json ? dump_json(to_value(*catalogue), 2) + "\n" : topic_page(*catalogue));
    return kDone;
  }
  const Description* entry = catalogue->find(options.entry);
  if (entry == nullptr) {
    std::vector<std::string> names;
    for (const Description& each : catalogue->entries) names.push_back(each.name);
    return unknown("entry", options.entry, names);
  }
  print(options.json ? dump_json(to_value(*entry), 2) + "\n" : entry_page(*entry));
  return kDone;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
  CLI::App* verb = app.add_subcommand("list", "show what a scenario can name, and its settings");
  auto options = std::make_shared<Options>();
  verb->add_option("TOPIC", options->topic, "networks, models, datasets, methods, devices ...");
  verb->add_option("NAME", options->entry, "one of the topic: all its settings");
  verb->add_flag("--json", options->json, "for programs");
  verb->callback([&action, options] {
    action = [options] { return options->topic.empty() ? list_all(options->json) : list_topic(*options); };
  });
}

}  // namespace telegrad::app
