// What the bench writes: its sections, and figures that agree with each other. No time is judged.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "bench_report.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::bench {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::vector<std::string> names_of(const json& variants) {
  std::vector<std::string> names;
  for (const json& one : variants) names.push_back(one.at("name"));
  return names;
}

Measured measured(double seconds, double cpu, double wal) {
  Measured one;
  one.seconds = seconds;
  one.cpu_seconds = cpu;
  one.wal_bytes = wal;
  return one;
}

// The machine was slow in the second round: its ratios are to the UPDATE that was slow with them.
TEST(BenchReport, RatiosAreMediansOverRounds) {
  std::vector<Variant> variants(2);
  variants[0].rounds = {measured(10, 8, 100), measured(30, 9, 100), measured(10, 8, 100)};
  variants[1].rounds = {measured(5, 4, 60), measured(15, 4.5, 60), measured(7, 6, 58)};
  compare(variants);
  EXPECT_DOUBLE_EQ(variants[0].wall_ratio, 1);
  EXPECT_DOUBLE_EQ(variants[1].wall_ratio, 0.5);
  EXPECT_DOUBLE_EQ(variants[1].cpu_ratio, 0.5);
  EXPECT_DOUBLE_EQ(variants[1].wal_ratio, 0.6);
  EXPECT_DOUBLE_EQ(variants[1].seconds, 7);
}

TEST(BenchReport, WhatAnAppFeltIsTheMedianButTheLongestOfAll) {
  std::vector<LoadLine> rounds(3);
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    rounds[i].felt = {1000, i, 10, 0.5, 2.0 + static_cast<double>(i * i), 0};
    rounds[i].p99_ratio = 1.5 + static_cast<double>(i);
    rounds[i].fill_seconds = 20 + static_cast<double>(i);
  }
  rounds[1].felt.longest_ms = 48;
  const LoadLine line = over_rounds(rounds);
  EXPECT_EQ(line.felt.statements, 3000U);
  EXPECT_EQ(line.felt.errors, 3U);
  EXPECT_DOUBLE_EQ(line.felt.rate(), 100);
  EXPECT_DOUBLE_EQ(line.felt.p99_ms, 3);
  EXPECT_DOUBLE_EQ(line.p99_ratio, 2.5);
  EXPECT_DOUBLE_EQ(line.felt.longest_ms, 48);
  EXPECT_DOUBLE_EQ(line.fill_seconds, 21);
}

TEST(Bench, WritesItsTableItsFiguresAndItsPicture) {
  const test::TemporaryDirectory directory;
  const auto figures = directory.path() / "bench.json";
  const auto picture = directory.path() / "bench.svg";
  const test::Finished finished = test::run(
      {SEGUE_BENCH, "--rows", "4000", "--rounds", "1", "--no-fsync", "--seconds", "0.3", "--fills",
       "update,key-touch,segue-1", "--shapes", "no key", "--json", figures, "--svg", picture});
  ASSERT_EQ(finished.exit_code, 0) << finished.both();
  EXPECT_THAT(finished.out, HasSubstr("Filling a column, beside one UPDATE of the same table"));
  if (test::server_major() < 14) {
    EXPECT_THAT(finished.out, HasSubstr("stripes need the TID range scans of PostgreSQL 14"));
  } else {
    EXPECT_THAT(finished.out, HasSubstr("stripes by id"));
    EXPECT_THAT(finished.out, HasSubstr("by the row's place in its page: the table has no key"));
  }

  const json found = json::parse(test::read_text(figures));
  EXPECT_EQ(found.at("rows"), 4000);
  const json& variants = found.at("variants");
  EXPECT_THAT(names_of(variants), testing::ElementsAre("update", "key-touch", "segue-1"));
  const double base = variants[0].at("seconds");
  for (const json& one : variants) {
    EXPECT_NEAR(one.at("wall_ratio"), one.at("seconds").get<double>() / base, 1e-6);
    for (const char* figure : {"cpu_ratio", "wal_ratio", "heap_growth", "index_growth", "hot_share",
                               "memory_mb", "rounds"})
      EXPECT_TRUE(one.at(figure).is_number()) << figure;
  }
  EXPECT_EQ(variants[0].at("wal_ratio"), 1);
  EXPECT_NEAR(variants[0].at("heap_growth"), 1, 0.2);  // each row a second time
  ASSERT_EQ(found.at("shapes").size(), 1U);
  EXPECT_EQ(found.at("shapes")[0].at("name"), "no key at all");
  EXPECT_THAT(names_of(found.at("shapes")[0].at("variants")),
              testing::ElementsAre("update", "segue-1", "segue-2"));
  ASSERT_EQ(found.at("growth").size(), 3U);
  EXPECT_EQ(found.at("growth")[2].at("rows"), 16000);
  EXPECT_GT(found.at("growth")[2].at("update_seconds"), 0);
  EXPECT_GT(found.at("app_limit"), 0);
  for (const json& line : found.at("load")) EXPECT_EQ(line.at("errors"), 0) << line;
  EXPECT_THAT(names_of(found.at("load")), testing::ElementsAre("app alone", "update", "segue-1",
                                                               "app alone", "update", "segue-1"));
  EXPECT_THAT(test::read_text(picture), HasSubstr("<svg "));
}

}  // namespace
}  // namespace segue::bench
