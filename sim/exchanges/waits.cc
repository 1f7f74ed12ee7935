#include "sim/exchanges/waits.h"

namespace telegrad::exchanges {
namespace {

std::uint32_t count(const Value& resolved, const char* name) {
  return static_cast<std::uint32_t>(resolved[name].integer());
}

Entry<MakeWait> everybody() {
  return {{.name = "everybody",
           .summary = "a round is over when all who were asked have contributed",
           .source = "",
           .parameters = {},
           .example = R"({"type": "everybody"})"},
          [](const Value&) { return Wait{}; }};
}

Entry<MakeWait> quorum() {
  return {{.name = "quorum",
           .summary = "a round is over when so many have contributed",
           .source = "",
           .parameters = {integer("contributions", "that are enough").in(1, 100000)},
           .example = R"({"type": "quorum", "contributions": 2})"},
          [](const Value& v) { return Wait{.quorum = count(v, "contributions")}; }};
}

Entry<MakeWait> deadline() {
  return {{.name = "deadline",
           .summary = "a round is over after so many simulated seconds, or before when all have contributed",
           .source = "Bonawitz et al. 2019",
           .parameters =
               {real("seconds",
                     "from the moment when the hub begins to wait: when it has sent the previous "
                     "answer, or has invited a cohort")
                    .in(1e-9, 1e8)
                    .measured_in("s"),
                integer("at_least", "contributions without which it stays open").in(1, 100000).otherwise(1)},
           .example = R"({"type": "deadline", "seconds": 0.5, "at_least": 1})"},
          [](const Value& v) {
            return Wait{.quorum = count(v, "at_least"), .deadline = from_seconds(v["seconds"].number())};
          }};
}

Entry<MakeWait> backup() {
  return {{.name = "backup",
           .summary = "a round is over when all but so many have contributed: they are backup workers",
           .source = "Chen, Monga, Bengio, Jozefowicz 2016",
           .parameters = {integer("workers", "that are not waited for").in(1, 100000)},
           .example = R"({"type": "backup", "workers": 1})"},
          [](const Value& v) { return Wait{.backup = count(v, "workers")}; }};
}

}  // namespace

const Registry<MakeWait>& waits() {
  static const Registry<MakeWait> registry("waits", "for whom a hub waits before it closes a round",
                                           {everybody(), quorum(), deadline(), backup()});
  return registry;
}

std::string never_closes(const Value& wait, std::uint32_t invited) {
  const Wait asked = waits().make(wait);
  if (asked.quorum > invited) {
    return std::to_string(asked.quorum) + " contributions never come from " + std::to_string(invited) +
           " workers";
  }
  if (asked.backup >= invited) {
    return std::to_string(asked.backup) + " of " + std::to_string(invited) +
           " workers leave nobody to wait for";
  }
  return "";
}

}  // namespace telegrad::exchanges
