#include "sim/programs/transfer.h"

#include "sim/programs/no_fold.h"

namespace telegrad::programs {
Payload sized_payload(std::uint64_t bytes, std::uint32_t limit) {
  std::vector<std::uint32_t> sizes(bytes / limit, limit);
  if (bytes % limit > 0) sizes.push_back(static_cast<std::uint32_t>(bytes % limit));
  return Payload::sized(sizes);
}

Payload sized_payload(std::uint64_t bytes, const Cut& cut) {
  std::vector<Payload> pieces(cut.pieces, sized_payload((bytes + cut.pieces - 1) / cut.pieces, cut.limit));
  return Payload::joined(pieces);
}

class Transfer::Sender final : public Learner {
 public:
  explicit Sender(std::uint64_t bytes) : bytes_(bytes) {}
  Task<double> step(std::uint64_t, Exchange& exchange) override {
    if (payload_.bytes() == 0) payload_ = sized_payload(bytes_, exchange.cut(fold_.shape()));
    Payload payload = payload_;
    auto reduced = co_await exchange.reduce(std::move(payload), fold_);
    co_return 0.0;
  }

 private:
  std::uint64_t bytes_;
  Payload payload_;
  NoFold fold_;
};

Transfer::Transfer(std::uint32_t workers, std::uint64_t up_bytes, std::uint64_t down_bytes) {
  facts_.up_bytes = up_bytes;
  facts_.down_bytes = down_bytes;
  facts_.shapes = {programs::NoFold().shape()};
  facts_.portions.resize(workers);
  for (std::uint32_t i = 0; i < workers; ++i) senders_.push_back(std::make_unique<Sender>(up_bytes));
}

Transfer::~Transfer() = default;

Learner& Transfer::learner(Rank rank) { return *senders_.at(rank.value); }

Task<> Transfer::serve(std::uint64_t, Hub& hub) {
  auto parts = co_await hub.collect();
  hub.publish(sized_payload(facts_.down_bytes, hub.cut(Shape::local).limit));
}

std::function<Evaluation()> Transfer::evaluation(Rank) {
  return [] { return Evaluation{}; };
}

}  // namespace telegrad::programs
