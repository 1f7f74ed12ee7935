#pragma once

#include <array>
#include <bitset>
#include <string_view>
#include <vector>

#include "training/datasets/dataset.h"

namespace telegrad::training {

/// Characters by number, in the order of their bytes; one number more, the last, stands for any other character. A
/// letter of several bytes is as many characters.
class Vocabulary final {
 public:
  explicit Vocabulary(const std::vector<std::string_view>& texts);

  std::uint32_t size() const { return size_; }
  Label number(char character) const { return numbers_[static_cast<unsigned char>(character)]; }
  std::vector<Label> numbers(std::string_view text) const;

 private:
  std::array<Label, 256> numbers_{};
  std::uint32_t size_ = 0;
};

/// What follows the last character of a stretch, or each of its characters.
enum class NextCharacter { of_the_last, of_each };

/// Stretches of text, in which the next character is to be guessed.
class TextSamples final : public Samples {
 public:
  /// A sample is the `length` numbers from one of the starts; one more follows.
  TextSamples(std::vector<Label> text, std::vector<std::uint64_t> starts, std::size_t length,
              NextCharacter next);

 protected:
  void fill(std::span<const std::uint32_t> chosen, float* inputs, std::int64_t* targets,
            const StreamKey* random) const override;

 private:
  std::vector<Label> text_;
  std::vector<std::uint64_t> starts_;
  std::size_t length_;
  NextCharacter next_;
};

}  // namespace telegrad::training
