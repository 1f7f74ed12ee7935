// A star: every worker sends to the hub, which folds and answers each of them.
// Bytes: each worker sends S_up and receives S_down; the hub receives N S_up and sends N S_down. Steps: 2.

#include "sim/exchanges/exchanges.h"
#include "sim/exchanges/star_hub.h"
#include "sim/exchanges/star_worker.h"
#include "sim/exchanges/waits.h"

namespace telegrad::exchanges {
namespace {

class Star final : public Group {
 public:
  Star(const Host& host, std::uint32_t workers, const Wait& wait, Replicas replicas)
      : hub_(host, workers, wait, replicas) {
    for (std::uint32_t i = 0; i < workers; ++i) {
      workers_.push_back(std::make_unique<StarWorker>(host, Rank{i}, workers, replicas));
    }
  }
  Exchange& at(Rank rank) override { return *workers_.at(rank.value); }
  Hub* hub() override { return &hub_; }

 private:
  StarHub hub_;
  std::vector<std::unique_ptr<StarWorker>> workers_;
};

Late late_of(const std::string& name) {
  if (name == "deferred") return Late::deferred;
  return name == "dropped" ? Late::dropped : Late::returned;
}

Replicas replicas_of(const std::string& name) {
  if (name == "resync") return Replicas::resync;
  return name == "diverge" ? Replicas::diverge : Replicas::repair;
}

std::unique_ptr<Group> make(const Value& v, const Host& host, std::uint32_t workers) {
  Wait wait = waits().make(v["wait"]);
  wait.late = late_of(v["late"].text());
  wait.window = static_cast<std::uint32_t>(v["verdict_window"].integer());
  const Replicas replicas = replicas_of(v["replicas"].text());
  return std::make_unique<Star>(host, workers, wait, replicas);
}

void check(const Value& resolved, std::vector<Problem>& problems) {
  const bool resyncs = resolved["replicas"].text() == "resync";
  if (resyncs == (resolved.find("resync_rounds") != nullptr)) return;
  if (resyncs) {
    problems.push_back({"/replicas", 0, 0, "'resync' does not say after how many rounds",
                        "give resync_rounds, or take 'repair' or 'diverge'"});
  } else {
    problems.push_back({"/resync_rounds", 0, 0, "has nothing to do with these replicas",
                        "set replicas to 'resync', or leave it out"});
  }
}

}  // namespace

ExchangeEntry star() {
  return {
      {.name = "star",
       .summary = "workers send to the hub, which folds and answers each of them",
       .source = "",
       .parameters =
           {typed("wait", "waits", "for whom a round stays open").otherwise_json(R"({"type": "everybody"})"),
            choice("late", {"returned", "deferred", "dropped"},
                   "a contribution after the close goes back to its worker's feedback (without feedback it "
                   "is lost), "
                   "into the next round, or is lost with what feedback would have kept of it")
                .otherwise("returned"),
            integer("verdict_window",
                    "verdicts repeated to each worker, so that lost control bytes are survived")
                .in(1, 64)
                .otherwise(8),
            choice("replicas", {"repair", "diverge", "resync"},
                   "what a lossy way down has lost: asked for again and sent to that worker alone, without "
                   "loss; "
                   "left out, so that the workers' models differ; or left out, and after every resync_rounds "
                   "rounds all get worker 0's model and what its optimizer remembers, whole")
                .otherwise("repair"),
            integer("resync_rounds", "rounds from one resync to the next; only with replicas 'resync'")
                .in(1, 1e6)
                .optional()},
       .example = R"({"type": "star", "wait": {"type": "deadline", "seconds": 0.5}, "late": "returned"})",
       .check = check},
      {.make = make,
       .carries = {Shape::local, Shape::sliceable, Shape::associative, Shape::linear},
       .hub = true,
       .round_bytes = [](Shape, double n, double up, double down) { return n * (up + down); }}};
}

}  // namespace telegrad::exchanges
