// The report's texts, as a person and a machine read them.
#include "runtime/rehearsal/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sample.hpp"

namespace segue::test {
namespace {

using namespace runtime::rehearsal;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RehearsalReport, MarkdownSaysWhatWasSeen) {
  const std::string text = to_markdown(passed_rehearsal());
  EXPECT_THAT(text, StartsWith(R"(# Rehearsal of display_name: passed

Show the name that people <choose> & "like"

PostgreSQL 15.18, 1,000 rows in 1 table, 14,100 statements of the old and the new app (derived from the catalogue), 12 s in all. Seed 42.

| promise | looked at | |
|---|---:|---|
| executable | 100 | kept |
| no lost write | 200 | kept |
| complete | 300 | kept |
| stall | 400 | kept |
| reversible | 500 | kept |
| re-runnable | 600 | kept |
| as declared | 700 | kept |
| end state | 800 | kept |

## What each step did

| step | declared | taken, and held for | data | WAL | took | at the target's size |
|---|---|---|---|---:|---:|---:|
| 1.1 Add public.users."Anzeige \| Name" | public.users ACCESS EXCLUSIVE | public.users ACCESS EXCLUSIVE, 0.42 ms | catalogue only | 1.5 kB | 1.25 ms | — |
| 3.1 Fill public.users | public.users ROW EXCLUSIVE<br>writes | public.users ROW EXCLUSIVE, 0.42 ms | read through public.users | 1.5 kB | 1.25 ms | 1 min 1 s |

## What the apps felt

| while | statements | failed | p50 | p99 | longest |
|---|---:|---:|---:|---:|---:|
| before phase 1 | 900 | 0 | 0.30 ms | 1.10 ms | 4.00 ms |
| 3 backfill | 12,000 | 0 | 0.31 ms | 2.40 ms | 32 ms |

## Timeline

```mermaid
gantt
  dateFormat x
  axisFormat %S.%L
  section phase
  1 expand :0, 400
  2 dual-write :400, 700
)"));
  EXPECT_THAT(text, HasSubstr("| kills | 31 | 0 |\n"));
  EXPECT_THAT(text, HasSubstr("- `4_contract.sql` dd\n"));
}

TEST(RehearsalReport, MarkdownTellsTheStory) {
  const std::string text = to_markdown(failed_rehearsal());
  EXPECT_THAT(text, StartsWith("# Rehearsal of display_name: FAILED: no lost write, at step 2.1 "
                               "Create trigger zz_segue_sync on public.users\n"));
  EXPECT_THAT(text, HasSubstr("| no lost write | 200 | **broken** |"));
  // The story's own backticks do not end the fence.
  EXPECT_THAT(text, HasSubstr(R"(
````
segue    2.1 Create trigger
         -> done
old app  UPDATE users SET full_name = 'a<b>```c' WHERE id = 7
         -> 1 row
new app  SELECT display_name FROM users WHERE id = 7
         -> NULL
````

- saw: display_name NULL
- should have seen: display_name 'a<b>```c'
- because: the trigger carries nothing over on UPDATE
- again: `--seed 42`
)"));
  EXPECT_THAT(text, HasSubstr("**rewrote public.users, which it does not declare**"));
}

TEST(RehearsalReport, JsonHoldsEverything) {
  const auto json = to_json(failed_rehearsal());
  EXPECT_EQ(json.at("passed"), false);
  EXPECT_EQ(json.at("checks").at("no lost write"), 200);
  EXPECT_EQ(json.at("stories").at(0).at("lines").at(1).at("who"), "old app");
  EXPECT_EQ(json.at("steps").at(1).at("projected_ms"), 61000);
  EXPECT_EQ(json.at("steps").at(0).at("traced").at("locks").at(0).at("mode"), "ACCESS EXCLUSIVE");
  EXPECT_EQ(json.at("waits").at(1).at("longest_ms"), 31.5);
  EXPECT_EQ(json.at("timeline").size(), 9U);
  EXPECT_EQ(json.at("seal").get<std::string>().size(), 64U);
}

TEST(RehearsalReport, HtmlEscapesWhatTheDatabaseSays) {
  const std::string page = to_html(failed_rehearsal());
  EXPECT_THAT(page, HasSubstr("people &lt;choose&gt; &amp; &quot;like&quot;"));
  EXPECT_THAT(page, HasSubstr("full_name = 'a&lt;b&gt;```c'"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http")));
}

}  // namespace
}  // namespace segue::test
