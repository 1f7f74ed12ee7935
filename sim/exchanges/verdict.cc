#include "sim/exchanges/verdict.h"

#include <bit>

#include "sim/core/errors.h"
#include "sim/exchanges/control_bytes.h"

namespace telegrad::exchanges {
Verdict judge(std::uint64_t operation, const Payload& arrived) {
  if (arrived.whole()) return {operation, Verdict::Kind::applied, {}};
  if (arrived.holes() == arrived.blocks().size()) return {operation, Verdict::Kind::none, {}};
  Verdict verdict{operation, Verdict::Kind::some, {}};
  for (const Block& block : arrived.blocks()) verdict.applied.push_back(!block.lost);
  return verdict;
}

Block encode(const Invitation& invitation) {
  ControlWriter out;
  out.put(invitation.round, 4);
  out.put(invitation.cohort, 4);
  out.put(std::bit_cast<std::uint32_t>(invitation.weight), 4);
  return std::move(out).finish();
}

std::optional<Invitation> decode_invitation(const Block& control) {
  ControlReader in(control.bytes());
  Invitation invitation;
  invitation.round = in.take(4);
  invitation.cohort = static_cast<std::uint32_t>(in.take(4));
  invitation.weight = std::bit_cast<float>(static_cast<std::uint32_t>(in.take(4)));
  if (!in.finished()) return std::nullopt;
  return invitation;
}

Block encode(const Answer& answer) {
  expect(answer.verdicts.size() < 65536, "few verdicts");
  ControlWriter out;
  out.put(answer.cohort, 4);
  out.put(answer.verdicts.size(), 2);
  for (const Verdict& verdict : answer.verdicts) {
    out.put(verdict.operation, 4);
    out.put(static_cast<std::uint64_t>(verdict.kind), 1);
    if (verdict.kind != Verdict::Kind::some) continue;
    out.put_count(verdict.applied.size());
    for (std::size_t i = 0; i < verdict.applied.size(); i += 8) {
      unsigned bits = 0;
      for (std::size_t j = i; j < std::min(i + 8, verdict.applied.size()); ++j) {
        bits |= (verdict.applied[j] ? 1u : 0u) << (j - i);
      }
      out.put(bits, 1);
    }
  }
  return std::move(out).finish();
}

std::optional<Answer> decode_answer(const Block& control) {
  ControlReader in(control.bytes());
  Answer answer;
  answer.cohort = static_cast<std::uint32_t>(in.take(4));
  std::size_t count = in.take(2);
  for (std::size_t v = 0; v < count && in.good(); ++v) {
    Verdict verdict;
    verdict.operation = in.take(4);
    std::uint64_t kind = in.take(1);
    if (kind > static_cast<std::uint64_t>(Verdict::Kind::dropped)) return std::nullopt;
    verdict.kind = static_cast<Verdict::Kind>(kind);
    if (verdict.kind == Verdict::Kind::some) {
      std::size_t blocks = in.take_count();
      std::uint64_t bits = 0;
      for (std::size_t i = 0; i < blocks && in.good(); ++i) {
        if (i % 8 == 0) bits = in.take(1);
        verdict.applied.push_back((bits >> (i % 8) & 1) != 0);
      }
    }
    answer.verdicts.push_back(std::move(verdict));
  }
  if (!in.finished()) return std::nullopt;
  return answer;
}

}  // namespace telegrad::exchanges
