#include "sim/exchanges/downlink.h"

#include <algorithm>

#include "sim/core/errors.h"
#include "sim/exchanges/control_bytes.h"
#include "sim/exchanges/star_worker.h"
#include "sim/exchanges/verdict.h"

namespace telegrad::exchanges {
namespace {

std::vector<bool> holes_of(const Verdict& verdict, std::size_t blocks) {
  if (verdict.kind == Verdict::Kind::none) return std::vector<bool>(blocks, true);
  std::vector<bool> holes(blocks, false);
  for (std::size_t i = 0; i < verdict.applied.size(); ++i) holes.at(i) = !verdict.applied[i];
  return holes;
}

}  // namespace

Block encode(const std::vector<Letter>& letters) {
  expect(letters.size() < 65536, "few letters");
  ControlWriter out;
  out.put(letters.size(), 2);
  for (const Letter& letter : letters) {
    out.put(letter.to.value, 2);
    out.put(letter.operation, 4);
    out.put_count(letter.control.size);
    out.put(letter.control.bytes());
  }
  return std::move(out).finish();
}

std::optional<Block> own_letter(const Block& control, Rank worker) {
  ControlReader in(control.bytes());
  for (auto left = in.take(2); left > 0 && in.good(); --left) {
    const Rank to{static_cast<std::uint32_t>(in.take(2))};
    in.take(4);
    const auto words = in.skip(in.take_count());
    if (!in.good()) return std::nullopt;
    if (to == worker) return Block(control.owner, words.data(), static_cast<std::uint32_t>(words.size()));
  }
  return std::nullopt;
}

Downlink::Downlink(Network& network, NodeId hub, std::uint32_t workers, Replicas policy)
    : network_(network), hub_(hub), broadcasts_(network.facts().broadcasts_down),
      loses_(!network.facts().reliable_down), policy_(policy), kept_(workers) {
  if (loses_ && policy_ != Replicas::diverge) network_.spawn(hub_, serve(), Role::service);
}

void Downlink::send(Word word, const Payload& payload, std::vector<Letter> letters, Label label) {
  if (letters.empty()) return;
  for (const Letter& letter : letters) {
    if (loses_ && mends(policy_, word)) keep(payload, letter, label);
  }
  if (broadcasts_) {
    Message all(hub_, {}, Tag{0, letters.front().operation, kDown}, payload, encode(letters), Leg::down,
                label);
    for (const Letter& letter : letters) {
      all.to.push_back(NodeId{letter.to.value});
      all.operations.push_back(letter.operation);
    }
    return network_.post(std::move(all));
  }
  for (Letter& letter : letters) {
    network_.post(Message(hub_, {NodeId{letter.to.value}}, Tag{0, letter.operation, kDown}, payload,
                          std::move(letter.control), Leg::down, label));
  }
}

void Downlink::keep(const Payload& payload, const Letter& letter, Label label) {
  kept_.at(letter.to.value).push_back({letter.operation, payload, letter.control, label});
}

void Downlink::settled(Rank worker, std::uint64_t before) {
  auto& kept = kept_.at(worker.value);
  while (!kept.empty() && kept.front().operation < before) kept.pop_front();
}

Task<> Downlink::serve() {
  auto requests = [] { return std::string("requests for what was lost on the way down"); };
  const Tag mailbox{0, 0, kAsk};
  for (;;) {
    auto request = co_await network_.receive(hub_, mailbox, kNever, requests);
    mend(*request);
  }
}

void Downlink::mend(const Delivery& request) {
  const auto asked = decode_answer(request.control);
  expect(asked.has_value() && asked->verdicts.size() == 1, "a request for what was lost");
  const bool control = asked->cohort > 0;
  const bool all = !control && asked->verdicts.front().kind == Verdict::Kind::applied;
  settled(Rank{request.from.value}, request.tag.operation + (all ? 1 : 0));
  if (all) return;
  const auto& kept = kept_.at(request.from.value);
  const auto at = std::find_if(kept.begin(), kept.end(),
                               [&](const Kept& one) { return one.operation == request.tag.operation; });
  expect(at != kept.end(), "what a worker misses is kept");
  const auto holes = holes_of(asked->verdicts.front(), at->payload.blocks().size());
  network_.post(Message(hub_, {request.from}, Tag{0, at->operation, kMend}, at->payload.only(holes),
                        control ? at->control : Block(), Leg::repair, Label{at->label.round, "repair down"}));
}

Listener::Listener(Network& network, NodeId worker, NodeId hub, Replicas policy)
    : network_(network), worker_(worker), hub_(hub), broadcasts_(network.facts().broadcasts_down),
      loses_(!network.facts().reliable_down), policy_(policy) {}

Task<Delivery> Listener::understood(Word word, Delivery heard, std::uint64_t round) {
  if (broadcasts_ && !heard.control.lost) {
    auto own = own_letter(heard.control, Rank{worker_.value});
    expect(own.has_value(), "a letter for each receiver");
    heard.control = std::move(*own);
  }
  const bool control_lost = heard.control.lost;
  if (!loses_ || !mends(policy_, word)) co_return heard;
  const bool whole = heard.payload.whole() && !control_lost;
  if (whole && ++silent_ < kAcknowledgeEvery) co_return heard;
  silent_ = 0;
  Answer said{control_lost ? 1u : 0u, {}};
  said.verdicts.push_back(judge(heard.tag.operation, heard.payload));
  const Label label{round, whole ? "acknowledgement" : "repair request"};
  network_.post(Message(worker_, {hub_}, Tag{0, heard.tag.operation, kAsk}, Payload(), encode(said),
                        Leg::repair, label));
  if (whole) co_return heard;
  auto missing = [] { return std::string("what was lost of the hub's answer"); };
  const Tag mailbox{0, heard.tag.operation, kMend};
  auto mended = co_await network_.receive(worker_, mailbox, kNever, missing);
  heard.payload = heard.payload.filled(mended->payload);
  if (control_lost) heard.control = mended->control;
  co_return heard;
}

}  // namespace telegrad::exchanges
