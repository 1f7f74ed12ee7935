#pragma once

#include <span>
#include <vector>

#include "training/methods/largest_of_sum.h"
#include "training/methods/lgc_layers.h"

namespace telegrad::training {

/// The vector that LGC's messages are sections of, each message of those that its round needs:
///   model    [0, d)       values of the model's coordinates; a unit for each run of tensors that are sent alike
///   support  [d, 2 d)     the same coordinates: which of them a leader chose; down, what the decoders made of them
///   values   [2 d, + mu)  values at the coordinates that a leader chose
///   code     behind       a scale, and the numbers of a code
class LgcWire {
 public:
  enum class Section { model, support, values, code };

  LgcWire(const LgcLayers& layers, std::uint32_t code_size, const codecs::Stamp& stamp);

  std::span<const codecs::Unit> units() const { return units_; }
  std::uint32_t first_of(Section which) const;

  /// The model's section appended: runs that are sent whole, or all runs, take their values from `dense`: [d]; the
  /// others have entries at these rising places.
  void pack_model(std::span<const float> dense, bool all, std::span<const std::uint32_t> places,
                  std::span<const float> values, const codecs::Stamp& stamp, Cut cut,
                  std::vector<Payload>& into) const;
  /// Rising coordinates of the model, without values or with one for each.
  void pack_support(const Coordinates& chosen, const codecs::ValueSource& values, const codecs::Stamp& stamp,
                    Cut cut, std::vector<Payload>& into) const;
  /// Neighbouring numbers, the first ones of a section.
  Payload pack_numbers(Section which, std::span<const float> numbers, const codecs::Stamp& stamp,
                       Cut cut) const;

  /// The blocks of one section that are there.
  Payload section(const Payload& payload, Section which) const;
  /// Calls visit(place within the section, value) for each of its entries.
  template <class Visit>
  void for_each(const Payload& payload, Section which, Visit visit) const {
    const Payload blocks = section(payload, which);
    const std::uint32_t first = first_of(which);
    for (const Block& block : blocks.blocks()) {
      codecs::for_each_entry(open(block, units_),
                             [&](std::uint32_t at, float value) { visit(at - first, value); });
    }
  }
  /// The entries of a support section; none unless `expected` of them are there.
  Entries read_support(const Payload& payload, std::size_t expected) const;

  codecs::Stamp stamp(std::uint32_t rank) const;
  codecs::Stamp folded(std::uint32_t contributions) const;

 private:
  const LgcLayers& layers_;
  codecs::Stamp stamp_;
  std::vector<codecs::Unit> units_;
};

}  // namespace telegrad::training
