#include <map>
#include <string>
#include <string_view>

#include "training/datasets/file_bytes.h"
#include "training/datasets/vocabulary.h"

namespace telegrad::training {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

/// Who says what, in the order in which they first speak. A line that ends in a colon names who speaks until the next
/// such line; what comes before the first is nobody's and left out.
std::vector<std::string> by_speaker(std::string_view text) {
  std::map<std::string_view, std::size_t> numbers;
  std::vector<std::string> speeches;
  std::string* speech = nullptr;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.size() > 1 && line.back() == ':') {
      const auto [known, is_new] = numbers.emplace(line, speeches.size());
      if (is_new) speeches.emplace_back();
      speech = &speeches[known->second];
    } else if (speech != nullptr) {
      speech->append(line).push_back('\n');
    }
  }
  return speeches;
}

struct Stretches {
  std::vector<Label> text;
  std::vector<std::uint64_t> starts;
  std::vector<std::uint32_t> speakers;

  void add(std::string_view part, const Vocabulary& vocabulary, std::size_t length, std::size_t stride,
           std::size_t speaker) {
    const std::uint64_t base = text.size();
    const std::vector<Label> numbers = vocabulary.numbers(part);
    text.insert(text.end(), numbers.begin(), numbers.end());
    for (std::size_t from = 0; from + length < part.size(); from += stride) {
      starts.push_back(base + from);
      speakers.push_back(static_cast<std::uint32_t>(speaker));
    }
  }
};

Dataset make(const Value& resolved, std::uint64_t) {
  const std::filesystem::path path = resolved["path"].text();
  const auto length = static_cast<std::size_t>(resolved["length"].integer());
  const Value* given = resolved.find("stride");
  const std::size_t stride = given != nullptr ? static_cast<std::size_t>(given->integer()) : length;
  const bool speakers = resolved["speakers"].boolean();
  const auto next = resolved["targets"].text() == "all" ? NextCharacter::of_each : NextCharacter::of_the_last;
  const auto bytes = bytes_of(path, kMostBytes, "give a plain text file");
  const std::string_view whole(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::vector<std::string> speeches =
      speakers ? by_speaker(whole) : std::vector<std::string>{std::string(whole)};

  std::vector<std::string_view> heads;
  std::vector<std::string_view> tails;
  for (std::string_view speech : speeches) {
    const auto kept =
        static_cast<std::size_t>(static_cast<double>(speech.size()) * (1 - resolved["test_share"].number()));
    heads.push_back(speech.substr(0, kept));
    tails.push_back(speech.substr(kept));
  }
  const Vocabulary vocabulary(heads);
  Stretches train;
  Stretches test;
  for (std::size_t i = 0; i < speeches.size(); ++i) {
    train.add(heads[i], vocabulary, length, stride, i);
    test.add(tails[i], vocabulary, length, length, i);
  }
  if (train.starts.empty()) {
    refuse(path,
           "has no stretch of " + std::to_string(length + 1) + " characters" +
               (speakers ? " of one speaker" : ""),
           speakers ? "lower the length, or see that lines with a speaker's name end in a colon"
                    : "lower the length");
  }
  Dataset dataset;
  dataset.shape = {1, 1, static_cast<std::int64_t>(length)};
  dataset.classes = vocabulary.size();
  dataset.symbols = vocabulary.size();
  if (next == NextCharacter::of_each && length > 1)
    dataset.target_shape = {static_cast<std::int64_t>(length)};
  if (speakers) dataset.users = std::move(train.speakers);
  dataset.train = std::make_shared<TextSamples>(std::move(train.text), std::move(train.starts), length, next);
  dataset.test = std::make_shared<TextSamples>(std::move(test.text), std::move(test.starts), length, next);
  dataset.validation = static_cast<std::uint64_t>(resolved["validation"].integer());
  dataset.origin = path.string();
  return dataset;
}

std::vector<std::filesystem::path> files(const Value& resolved) { return {resolved["path"].text()}; }

}  // namespace

Entry<MakeDataset> text_dataset() {
  return {
      {.name = "text",
       .summary = "the next character of a plain text, from those before it; the vocabulary is that of the "
                  "training part",
       .source = "Karpathy, Johnson, Fei-Fei 2015",
       .parameters =
           {text("path", "text file; characters are its bytes"),
            integer("length", "characters of an input").in(1, 65536).otherwise(80),
            integer("stride",
                    "characters from the beginning of a training sample to that of the next; without it the "
                    "length")
                .in(1, 65536)
                .optional(),
            choice("targets", {"last", "all"},
                   "what is guessed: what follows an input, or what follows each of its "
                   "characters (for models that answer at each)")
                .otherwise("last"),
            real("test_share",
                 "share of the text, at its end, or at the end of what each speaker says, for the test")
                .in(0, 0.9)
                .otherwise(0.1),
            boolean("speakers",
                    "a line that ends in a colon names who speaks; speakers are users, and no sample spans "
                    "two (partition by_user)")
                .otherwise(false),
            validation_parameter(0)},
       .example = R"({"type": "text", "path": "shakespeare.txt", "length": 80})"},
      {make, files}};
}

}  // namespace telegrad::training
