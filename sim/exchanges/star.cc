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

std::unique_ptr<Group> make(const Value& v, const Host& host, std::uint32_t workers) {
  Wait wait = waits().make(v["wait"]);
  const std::string& late = v["late"].text();
  wait.late = late == "deferred" ? Late::deferred : late == "dropped" ? Late::dropped : Late::returned;
  wait.window = static_cast<std::uint32_t>(v["verdict_window"].integer());
  const auto replicas = v["replicas"].text() == "diverge" ? Replicas::diverge : Replicas::repair;
  return std::make_unique<Star>(host, workers, wait, replicas);
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
            choice("replicas", {"repair", "diverge"},
                   "what a lossy way down has lost: asked for again and sent to that worker alone, without "
                   "loss; "
                   "or left out, so that the workers' models differ")
                .otherwise("repair")},
       .example = R"({"type": "star", "wait": {"type": "deadline", "seconds": 0.5}, "late": "returned"})"},
      {.make = make,
       .carries = {Shape::local, Shape::sliceable, Shape::associative, Shape::linear},
       .hub = true,
       .round_bytes = [](Shape, double n, double up, double down) { return n * (up + down); }}};
}

}  // namespace telegrad::exchanges
