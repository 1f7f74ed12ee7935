#include "sim/codecs/index_codec.h"

#include <algorithm>
#include <limits>

#include "sim/codecs/code_words.h"

namespace telegrad::codecs {
namespace {

constexpr std::uint32_t kEscape = 65535;
constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint32_t>::max();

Elias elias(IndexCodec codec) {
  if (codec == IndexCodec::gamma) return Elias::gamma;
  return codec == IndexCodec::delta ? Elias::delta : Elias::omega;
}

/// Calls visit(gap) for each index.
template <class Visit>
void for_each_gap(const IndexRun& run, Visit visit) {
  std::uint32_t next = run.first;
  for (std::uint32_t index : run.indices) {
    visit(index - next + 1);
    next = index + 1;
  }
}

template <class Bits>
std::uint64_t sum_over_gaps(const IndexRun& run, Bits bits) {
  std::uint64_t sum = 0;
  for_each_gap(run, [&](std::uint32_t gap) { sum += bits(gap); });
  return sum;
}

/// The length is convex in the parameter: its differences ceil((gap - 1 >> q) / 2) only shrink.
IndexCoding best_rice(const IndexRun& run) {
  auto length = [&](unsigned q) {
    return sum_over_gaps(run, [q](std::uint32_t gap) { return rice_bits(gap - 1, q); });
  };
  const std::uint64_t entries = std::max<std::uint64_t>(run.indices.size(), 1);
  auto q = static_cast<unsigned>(std::bit_width(std::uint64_t{run.span} / entries));
  q = std::min(q, 31U);
  std::uint64_t best = length(q);
  while (q < 31 && length(q + 1) < best) best = length(++q);
  while (q > 0) {
    std::uint64_t lower = length(q - 1);
    if (lower > best) break;
    best = lower;
    --q;
  }
  return {IndexCodec::rice, static_cast<std::uint8_t>(q), best};
}

IndexCoding coding_of(IndexCodec codec, const IndexRun& run) {
  const std::uint64_t entries = run.indices.size();
  switch (codec) {
    case IndexCodec::none:
    case IndexCodec::factors: return {codec, 0, 0};
    case IndexCodec::fixed: return {codec, 0, entries * index_bits(run.unit_size)};
    case IndexCodec::fixed_local: return {codec, 0, entries * index_bits(run.span)};
    case IndexCodec::bitmap: return {codec, 0, run.span};
    case IndexCodec::rle16:
      return {codec, 0,
              sum_over_gaps(run, [](std::uint32_t gap) { return 16 + 16 * ((gap - 1) / kEscape); })};
    case IndexCodec::rice: return best_rice(run);
    case IndexCodec::gamma:
    case IndexCodec::delta:
    case IndexCodec::omega: break;
  }
  return {codec, 0,
          sum_over_gaps(run, [code = elias(codec)](std::uint32_t gap) { return elias_bits(code, gap); })};
}

void write_bitmap(BitWriter& writer, const IndexRun& run) {
  std::uint32_t at = run.first;
  for (std::uint32_t index : run.indices) {
    writer.put_run(false, index - at);
    writer.put(1, 1);
    at = index + 1;
  }
  writer.put_run(false, run.first + run.span - at);
}

void write_rle16(BitWriter& writer, std::uint32_t zeros) {
  for (; zeros >= kEscape; zeros -= kEscape) writer.put(kEscape, 16);
  writer.put(zeros, 16);
}

}  // namespace

const std::vector<std::string>& index_choices() {
  static const std::vector<std::string> names{"fixed", "fixed_local", "bitmap", "rle16", "gamma",
                                              "delta", "omega",       "rice",   "auto"};
  return names;
}

IndexChoice index_choice(const std::string& name) {
  const auto& names = index_choices();
  auto at = std::find(names.begin(), names.end(), name);
  expect(at != names.end(), "the name of an index codec");
  if (*at == "auto") return {IndexCodec::fixed, true};
  return {static_cast<IndexCodec>(at - names.begin() + 1), false};
}

IndexCoding index_coding(IndexChoice choice, const IndexRun& run) {
  IndexCoding best = coding_of(choice.codec, run);
  if (!choice.smallest) return best;
  for (auto number = static_cast<std::uint8_t>(IndexCodec::fixed_local);
       number <= static_cast<std::uint8_t>(kLastIndexCodec); ++number) {
    IndexCoding other = coding_of(static_cast<IndexCodec>(number), run);
    std::uint64_t parameter = other.codec == IndexCodec::rice ? 8 : 0;
    if (other.bits + parameter < best.bits) best = other;
  }
  return best;
}

void write_indices(BitWriter& writer, const IndexCoding& coding, const IndexRun& run) {
  switch (coding.codec) {
    case IndexCodec::none:
    case IndexCodec::factors: return;
    case IndexCodec::fixed:
    case IndexCodec::fixed_local: {
      unsigned bits = index_bits(coding.codec == IndexCodec::fixed ? run.unit_size : run.span);
      for (std::uint32_t index : run.indices) writer.put(index - run.first, bits);
      return;
    }
    case IndexCodec::bitmap: return write_bitmap(writer, run);
    case IndexCodec::rle16:
      for_each_gap(run, [&](std::uint32_t gap) { write_rle16(writer, gap - 1); });
      return;
    case IndexCodec::rice:
      for_each_gap(run, [&](std::uint32_t gap) { put_rice(writer, gap - 1, coding.parameter); });
      return;
    case IndexCodec::gamma:
    case IndexCodec::delta:
    case IndexCodec::omega: break;
  }
  for_each_gap(run, [&](std::uint32_t gap) { put_elias(writer, elias(coding.codec), gap); });
}

IndexReader::IndexReader(std::span<const std::byte> body, std::uint64_t from_bit, IndexCodec codec,
                         unsigned parameter, std::uint32_t span, std::uint32_t unit_size)
    : reader_(body), codec_(codec), width_(parameter), bitmap_end_(from_bit + span) {
  reader_.seek(from_bit);
  if (codec == IndexCodec::fixed) width_ = index_bits(unit_size);
  if (codec == IndexCodec::fixed_local) width_ = index_bits(span);
}

std::uint64_t IndexReader::next() {
  switch (codec_) {
    case IndexCodec::factors: return kNowhere;
    case IndexCodec::none: return next_++;
    case IndexCodec::fixed:
    case IndexCodec::fixed_local: return reader_.take(width_);
    case IndexCodec::bitmap: {
      while (reader_.position() < bitmap_end_ && reader_.take(1) == 0 && !reader_.exhausted()) ++next_;
      return next_++;
    }
    case IndexCodec::rle16: {
      std::uint32_t zeros = reader_.take(16);
      for (; zeros == kEscape; zeros = reader_.take(16)) next_ += kEscape;
      next_ += zeros;
      return next_++;
    }
    case IndexCodec::rice: next_ += take_rice(reader_, width_); return next_++;
    case IndexCodec::gamma:
    case IndexCodec::delta:
    case IndexCodec::omega: break;
  }
  std::uint32_t gap = take_elias(reader_, elias(codec_));
  if (gap == 0) return kNowhere;
  next_ += gap - 1;
  return next_++;
}

}  // namespace telegrad::codecs
