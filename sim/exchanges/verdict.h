#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/exchange.h"

namespace telegrad::exchanges {

/// What became of one worker's contribution to one operation.
struct Verdict {
  enum class Kind : std::uint8_t { applied, none, some, deferred, dropped };

  std::uint64_t operation = 0;
  Kind kind = Kind::applied;
  std::vector<bool> applied;  // some: one mark for each block
};

/// What arrived is applied, the holes are not.
Verdict judge(std::uint64_t operation, const Payload& arrived);

/// The control bytes of a star's answer, and of an acknowledgement between workers: how many contributed, and the receiver's verdicts, oldest first.
struct Answer {
  std::uint32_t cohort = 0;
  std::vector<Verdict> verdicts;
};

/// Format, little endian: u32 cohort, u16 number of verdicts, then for each u32 operation, u8 kind and, for
/// `some`, the number of blocks (u16; from 65,535 on 0xFFFF and u32) and one bit for each, least significant bit first.
Block encode(const Answer& answer);
/// nullopt for bytes that are no answer.
std::optional<Answer> decode_answer(const Block& control);

/// All but the model: u32 round, u32 cohort, f32 weight.
Block encode(const Invitation& invitation);
/// nullopt for bytes that are no invitation.
std::optional<Invitation> decode_invitation(const Block& control);

}  // namespace telegrad::exchanges
