// The page in a real browser: it opens from disk, nothing is cut off, the drawing is a drawing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "runtime/rehearsal/report.hpp"
#include "sample.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string browser() {
  for (const char* place : {"/usr/bin/chromium", "/usr/bin/chromium-browser",
                            "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"}) {
    if (fs::exists(place)) return place;
  }
  return "";
}

// Measures the page from inside and leaves what it found where --dump-dom shows it.
constexpr const char* probe = R"(<script>
addEventListener('load', () => {
  const box = (selector) => [...document.querySelectorAll(selector)].map((e) => e.getBoundingClientRect());
  const svg = box('svg')[0];
  const inside = (b) => b.left >= svg.left - 1 && b.right <= svg.right + 1 && b.top >= svg.top - 1 && b.bottom <= svg.bottom + 1;
  const labels = [...document.querySelectorAll('svg g')].filter((g) => g.querySelector('text')).map((g) =>
    g.querySelector('text').getBoundingClientRect().right <= g.querySelector('rect').getBoundingClientRect().right + 2);
  const found = {
    bars: box('svg .bar').length, old: box('svg .old').length, fresh: box('svg .new').length,
    visible: box('svg .bar').every((b) => b.width > 0.5 && b.height > 5),
    inside: [...box('svg .bar'), ...box('svg .old'), ...box('svg .new'), ...box('svg text')].every(inside),
    labels: labels.length, labels_fit: labels.every((fits) => fits),
    scrolls: document.documentElement.scrollWidth > innerWidth,
    width: svg.width, height: svg.height, title: document.title,
    verdict: getComputedStyle(document.querySelector('.verdict')).color,
    ink: getComputedStyle(document.body).color
  };
  const pre = document.createElement('pre');
  pre.id = 'found';
  pre.textContent = JSON.stringify(found);
  document.body.append(pre);
});
</script>)";

class ReportInABrowser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (browser().empty()) GTEST_SKIP() << "no Chromium here";
  }

  Finished browse(const std::vector<std::string>& more, const fs::path& page) {
    std::vector<std::string> command{browser(),
                                     "--headless",
                                     "--no-sandbox",
                                     "--disable-gpu",
                                     "--disable-quic",
                                     "--no-first-run",
                                     "--disable-background-networking",
                                     "--disable-component-update",
                                     "--disable-sync",
                                     "--disable-dev-shm-usage",
                                     "--hide-scrollbars",
                                     "--user-data-dir=" + (directory_.path() / "profile").string()};
    command.insert(command.end(), more.begin(), more.end());
    command.push_back("file://" + page.string());
    return run(command, directory_.path());
  }

  nlohmann::json measured(const runtime::rehearsal::Rehearsal& rehearsal, const std::string& size) {
    const fs::path page = directory_.path() / "page.html";
    write_text(page, runtime::rehearsal::to_html(rehearsal) + probe);
    const Finished done = browse({"--window-size=" + size, "--dump-dom"}, page);
    const auto begin = done.out.find("<pre id=\"found\">");
    if (begin == std::string::npos) {
      ADD_FAILURE() << "the browser answered nothing: " << done.both();
      return {};
    }
    const auto from = done.out.find('{', begin);
    return nlohmann::json::parse(done.out.substr(from, done.out.find("</pre>", from) - from));
  }

  TemporaryDirectory directory_;
};

TEST_F(ReportInABrowser, ShowsTheTimeline) {
  const auto found = measured(passed_rehearsal(), "1280,900");
  ASSERT_FALSE(found.is_null());
  EXPECT_EQ(found.at("title"), "Rehearsal of display_name: passed");
  EXPECT_EQ(found.at("bars"), 9);
  EXPECT_EQ(found.at("old"), 80);
  EXPECT_EQ(found.at("fresh"), 80);
  EXPECT_TRUE(found.at("visible").get<bool>()) << "a stretch of no length at all is to be seen too";
  EXPECT_TRUE(found.at("inside").get<bool>()) << "something is drawn outside the drawing";
  EXPECT_GE(found.at("labels").get<int>(), 4);
  EXPECT_TRUE(found.at("labels_fit").get<bool>()) << "a label runs over its bar";
  EXPECT_FALSE(found.at("scrolls").get<bool>());
  EXPECT_GT(found.at("height").get<double>(), 200);
  EXPECT_NE(found.at("verdict"), found.at("ink")) << "the verdict has no colour";
}

TEST_F(ReportInABrowser, FitsATelephone) {
  const auto found = measured(failed_rehearsal(), "500,900");
  ASSERT_FALSE(found.is_null());
  EXPECT_FALSE(found.at("scrolls").get<bool>()) << "the page is wider than the window";
  EXPECT_TRUE(found.at("inside").get<bool>());
  EXPECT_THAT(found.at("title").get<std::string>(), HasSubstr("FAILED"));
}

TEST_F(ReportInABrowser, IsNotBlank) {
  const fs::path page = directory_.path() / "page.html";
  write_text(page, runtime::rehearsal::to_html(failed_rehearsal()));
  const fs::path picture = directory_.path() / "page.png";
  const Finished done =
      browse({"--window-size=1280,1600", "--screenshot=" + picture.string()}, page);
  ASSERT_TRUE(fs::exists(picture)) << done.both();
  // A blank page of this size compresses to some 5 kB.
  EXPECT_GT(fs::file_size(picture), 40000U);
  if (const char* keep = std::getenv("SEGUE_KEEP_PICTURES"))
    fs::copy_file(picture, fs::path(keep) / "rehearsal.png", fs::copy_options::overwrite_existing);
}

}  // namespace
}  // namespace segue::test
