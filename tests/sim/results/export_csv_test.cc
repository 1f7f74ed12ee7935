#include "sim/results/export_csv.h"

#include <gmock/gmock.h>

#include <charconv>

#include "sim/results/writer.h"
#include "tests/sim/results/scratch.h"

namespace telegrad::results {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

/// Fields of a CSV text as RFC 4180 has them; nullopt for an empty field without quotes.
std::vector<std::vector<std::optional<std::string>>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::optional<std::string>>> rows(1);
  std::optional<std::string> field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      *field += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
      field = field.value_or("");
    } else if (!quoted && (c == ',' || c == '\n')) {
      rows.back().push_back(std::exchange(field, std::nullopt));
      if (c == '\n') rows.emplace_back();
    } else {
      field = field.value_or("") + c;
    }
  }
  rows.pop_back();
  return rows;
}

class AnExport : public Scratch {
 protected:
  void write_run(Manifest manifest, double loss = 1.0 / 3) {
    Writer writer(place_, std::move(manifest));
    play_round(writer, 1);
    writer.round({.round = 2,
                  .begin = ms(100),
                  .end = ms(200),
                  .train_loss = loss,
                  .participants = 2,
                  .on_air = OnAir{1, 2}});
    writer.finish({});
  }

  Folder place_{folder_ / "run", Replace::no};
};

TEST_F(AnExport, HoldsEveryRowOfEveryTable) {
  write_run(small_manifest());
  Database database = Database::open_to_read(place_.database());
  auto files = export_csv(database, place_.path());
  std::vector<std::pair<std::string, std::size_t>> lines;
  for (const auto& file : files) lines.emplace_back(file.filename(), parse_csv(read_file(file)).size());
  EXPECT_THAT(lines,
              ElementsAre(std::pair("rounds.csv", 3), std::pair("messages.csv", 5), std::pair("spans.csv", 6),
                          std::pair("contributions.csv", 1), std::pair("nodes.csv", 4)));
}

TEST_F(AnExport, BeginsWithTheColumns) {
  write_run(small_manifest());
  export_csv(Database::open_to_read(place_.database()), place_.path());
  EXPECT_THAT(read_file(place_.path() / "spans.csv"),
              StartsWith("node,round,phase,begin_ns,end_ns\n0,1,gradient,0,20000000\n"));
}

TEST_F(AnExport, ReadsBackAsTheSameReals) {
  for (double loss : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, 123456789.123456789}) {
    Folder folder(folder_ / std::to_string(loss).substr(0, 9), Replace::yes);
    Writer writer(folder, small_manifest());
    writer.round(
        {.round = 1, .begin = {}, .end = ms(1), .train_loss = loss, .participants = 1, .on_air = {}});
    writer.finish({});
    export_csv(Database::open_to_read(folder.database()), folder.path());
    std::string text = parse_csv(read_file(folder.path() / "rounds.csv")).at(1).at(3).value();
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    EXPECT_EQ(back, loss) << text;
  }
}

TEST_F(AnExport, LeavesWhatIsNotThereEmpty) {
  write_run(small_manifest());
  export_csv(Database::open_to_read(place_.database()), place_.path());
  auto rows = parse_csv(read_file(place_.path() / "rounds.csv"));
  const std::size_t column = rows[0].size() - 2;
  ASSERT_EQ(rows[0][column], "down_on_air_bytes");
  EXPECT_EQ(rows[1][column], std::nullopt);
  EXPECT_EQ(rows[2][column], "2");
}

TEST_F(AnExport, QuotesCommasQuotesAndLineEnds) {
  Manifest manifest = small_manifest();
  manifest.nodes[0].role = "a \"b\", c\r\nd";
  manifest.nodes[1].role = "";
  write_run(std::move(manifest));
  export_csv(Database::open_to_read(place_.database()), place_.path());
  auto rows = parse_csv(read_file(place_.path() / "nodes.csv"));
  EXPECT_EQ(rows[1][1], "a \"b\", c\r\nd");
  EXPECT_EQ(rows[2][1], "");
  EXPECT_EQ(rows[1][5], "[10,50]");
}

TEST_F(AnExport, OfADatabaseOfAnOlderSchemaHoldsTheTablesItHas) {
  write_run(small_manifest());
  Database::open(place_.database()).run("DROP TABLE contribution");
  auto files = export_csv(Database::open_to_read(place_.database()), place_.path());
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.filename());
  EXPECT_THAT(names, ElementsAre("rounds.csv", "messages.csv", "spans.csv", "nodes.csv"));
  EXPECT_EQ(parse_csv(read_file(place_.path() / "nodes.csv")).size(), 4u);
  EXPECT_FALSE(std::filesystem::exists(place_.path() / "contributions.csv"));
}

TEST_F(AnExport, IntoAFolderThatIsNotThereIsAnError) {
  write_run(small_manifest());
  Database database = Database::open_to_read(place_.database());
  EXPECT_THAT(storage_complaint([&] { export_csv(database, folder_ / "none"); }),
              testing::HasSubstr("rounds.csv"));
}

TEST_F(AnExport, OntoAFullDiskIsAnError) {
  write_run(small_manifest());
  std::filesystem::create_symlink("/dev/full", place_.path() / "spans.csv");
  Database database = Database::open_to_read(place_.database());
  EXPECT_THAT(storage_complaint([&] { export_csv(database, place_.path()); }),
              testing::HasSubstr("free some space"));
}

}  // namespace
}  // namespace telegrad::results
