#include "training/datasets/vocabulary.h"

#include <utility>

namespace telegrad::training {
namespace {

std::vector<Label> following(const std::vector<Label>& text, const std::vector<std::uint64_t>& starts,
                             std::size_t length) {
  std::vector<Label> labels;
  labels.reserve(starts.size());
  for (std::uint64_t start : starts) labels.push_back(text.at(start + length));
  return labels;
}

}  // namespace

Vocabulary::Vocabulary(const std::vector<std::string_view>& texts) {
  std::bitset<256> known;
  for (std::string_view text : texts) {
    for (char character : text) known.set(static_cast<unsigned char>(character));
  }
  const auto other = static_cast<Label>(known.count());
  for (std::size_t byte = 0, number = 0; byte < known.size(); ++byte) {
    numbers_[byte] = known[byte] ? static_cast<Label>(number++) : other;
  }
  size_ = other + 1U;
}

std::vector<Label> Vocabulary::numbers(std::string_view text) const {
  std::vector<Label> result;
  result.reserve(text.size());
  for (char character : text) result.push_back(number(character));
  return result;
}

TextSamples::TextSamples(std::vector<Label> text, std::vector<std::uint64_t> starts, std::size_t length,
                         NextCharacter next)
    : Samples(following(text, starts, length), next == NextCharacter::of_each ? length : 1),
      text_(std::move(text)), starts_(std::move(starts)), length_(length), next_(next) {}

void TextSamples::fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
                       const StreamKey*) const {
  for (std::uint32_t sample : chosen) {
    const Label* from = text_.data() + starts_[sample];
    for (std::size_t i = 0; i < length_; ++i) *inputs++ = from[i];
    for (std::size_t i = next_ == NextCharacter::of_each ? 1 : length_; i <= length_; ++i)
      *targets++ = from[i];
  }
}

}  // namespace telegrad::training
