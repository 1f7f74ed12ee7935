#include "training/methods/filtered_memory.h"

#include "training/methods/dense_sum.h"

namespace telegrad::training {

Payload FilteredMemory::send(std::span<const float> gradient, std::shared_ptr<const Coordinates> at,
                             codecs::ValueCodec value, const NodeContext& context, const Step& step,
                             Cut cut) {
  std::vector<float> values;
  values.reserve(at->size());
  for (std::uint32_t index : *at) values.push_back(m_[index] + gradient[index]);
  Payload payload = pack_vector({.method = context.method, .worker = context.rank}, values, cut, value);
  for (std::size_t i = 0; i < gradient.size(); ++i) m_[i] += beta_ * gradient[i];
  require_finite(m_, context, step);
  if (payload.blocks().empty()) return payload;
  std::vector<float> sent(at->size());
  add_vector(payload, beta_, sent);
  for (std::size_t i = 0; i < sent.size(); ++i) m_[(*at)[i]] -= sent[i];
  sent_at_.add(payload, std::move(at));
  return payload;
}

void FilteredMemory::put_back(const Payload& returned) {
  for (const Block& block : returned.blocks()) {
    const auto* known = sent_at_.of_or_latest(block);
    if (block.lost || known == nullptr) continue;
    const Coordinates& at = **known;
    const auto units = codecs::whole(static_cast<std::uint32_t>(at.size()));
    codecs::for_each_entry(open(block, units),
                           [&](std::uint32_t i, float value) { m_[at[i]] += beta_ * value; });
  }
}

}  // namespace telegrad::training
